import { wireAddress } from "./envelope-address.ts";
import { type WireBody, wireBody } from "./smtp-body.ts";
import type { ComposedMessage, Envelope, Outcome, ServerInfo } from "./transport.ts";

export type PreparedMessage = {
  from: string;
  to: string;
  /** The MAIL and RCPT commands, without line end. */
  mail: string;
  rcpt: string;
  body: WireBody;
};

/** Checks one message against what this server can take, and makes its commands; or says why we will not write it. */
export function prepare(
  envelope: Envelope,
  message: Buffer | string | ComposedMessage,
  server: ServerInfo,
): PreparedMessage | Outcome {
  const from =
    envelope.from === "" ? { ok: true as const, address: "", needsSmtpUtf8: false } : wireAddress(envelope.from);
  if (!from.ok) return { kind: "refused", reason: "sender_address", text: `The sender's address ${from.why}` };
  const to = wireAddress(envelope.to);
  if (!to.ok) return { kind: "refused", reason: "recipient_address", text: `The recipient's address ${to.why}` };
  const utf8 = from.needsSmtpUtf8 || to.needsSmtpUtf8;
  if (utf8 && !offers(server, "SMTPUTF8")) {
    return {
      kind: "refused",
      reason: "smtputf8_missing",
      text: "The server takes no addresses outside ASCII (SMTPUTF8)",
    };
  }
  const body = wireBody(message);
  if (server.maxBytes > 0 && body.bytes > server.maxBytes) {
    return {
      kind: "refused",
      reason: "too_big",
      text: `The server takes ${server.maxBytes} bytes, this has ${body.bytes}`,
    };
  }
  const size = offers(server, "SIZE") ? ` SIZE=${body.bytes}` : "";
  const eightBit = body.eightBit && offers(server, "8BITMIME") ? " BODY=8BITMIME" : "";
  const mail = `MAIL FROM:<${from.address}>${size}${eightBit}${utf8 ? " SMTPUTF8" : ""}`;
  return { from: from.address, to: to.address, mail, rcpt: `RCPT TO:<${to.address}>`, body };
}

export function offers(server: ServerInfo, extension: string): boolean {
  return server.extensions.some((line) => line === extension || line.startsWith(`${extension} `));
}
