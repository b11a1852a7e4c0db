import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { wireAddress } from "./envelope-address.ts";
import { type Advice, adviceFor } from "./explain-advice.ts";
import { dial, type Session, takeSocket } from "./smtp-dial.ts";
import { offers } from "./smtp-prepare.ts";
import { ReplyReader } from "./smtp-reply.ts";
import type { Outcome, Phase, Reply, SenderOptions } from "./transport.ts";

export type TestStep = {
  step: "dns" | "connect" | "greeting" | "ehlo" | "tls" | "auth" | "mail" | "rcpt";
  ok: boolean;
  /** What was found or what the server said, in its own words. */
  detail: string;
};

/** `advice` says what to do about the step that failed, or what is worth knowing although all went well. */
export type ConnectionTest = { ok: boolean; steps: TestStep[]; advice: Advice[] };

/** A person waits for the answer, so nothing like RFC 5321's minutes. */
const patience = { connect: 10_000, greeting: 15_000, command: 15_000, data: 15_000, afterDot: 15_000 };

/**
 * Tries a sender's settings step by step up to the login, and with `trial` up to RCPT, without sending a mail: the
 * transaction is reset. Never throws for what the network or the server does.
 */
export async function testConnection(
  options: SenderOptions,
  trial: { from: string; to: string } | null = null,
): Promise<ConnectionTest> {
  const steps: TestStep[] = [];
  const fail = (outcome: Outcome, errorCode = ""): ConnectionTest => ({
    ok: false,
    steps,
    advice: [adviceFor(options, outcome, errorCode)],
  });

  const address = await resolve(options.host);
  steps.push({ step: "dns", ok: address !== null, detail: address ?? "No address found for this name" });
  if (address === null)
    return fail({ kind: "network", phase: "connect", bodyHandedOver: false, error: "" }, "ENOTFOUND");

  const dialled = await dial({ ...options, timeouts: { ...patience, ...options.timeouts } });
  if (!dialled.ok) {
    const { outcome } = dialled;
    const failedAt = outcome.kind === "reply" || outcome.kind === "network" ? outcome.phase : "connect";
    for (const step of stepsOf(options)) {
      if (step === failedAt) break;
      steps.push({ step, ok: true, detail: "" });
    }
    steps.push({ step: stepNamed(failedAt), ok: false, detail: wordsOf(outcome) });
    return fail(outcome, dialled.errorCode);
  }
  const { session } = dialled;
  for (const step of stepsOf(options)) steps.push({ step, ok: true, detail: detailOf(step, session, options) });

  const refused = await tryEnvelope(session, trial, steps);
  if (refused) return fail(refused);
  return { ok: true, steps, advice: warnings(options, session) };
}

async function resolve(host: string): Promise<string | null> {
  if (isIP(host)) return host;
  try {
    return (await lookup(host)).address;
  } catch {
    return null;
  }
}

/** The steps in the order this TLS mode takes them. */
function stepsOf(options: SenderOptions): TestStep["step"][] {
  const login = options.login ? (["auth"] as const) : [];
  if (options.tlsMode === "implicit") return ["connect", "tls", "greeting", "ehlo", ...login];
  return ["connect", "greeting", "ehlo", ...(options.tlsMode === "starttls" ? (["tls"] as const) : []), ...login];
}

function stepNamed(phase: Phase): TestStep["step"] {
  return phase === "data" || phase === "dot" ? "rcpt" : phase;
}

function detailOf(step: TestStep["step"], session: Session, options: SenderOptions): string {
  if (step === "ehlo") return session.server.extensions.join(", ");
  if (step === "auth") return options.login?.username ?? "";
  return "";
}

function wordsOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "reply":
      return [outcome.code, outcome.enhanced, outcome.text].filter(Boolean).join(" ");
    case "network":
      return outcome.error;
    case "refused":
      return outcome.text;
    case "withheld":
      return "";
  }
}

/** MAIL, RCPT and RSET one by one; QUIT in any case. Resolves with the refusal, or null. */
async function tryEnvelope(
  session: Session,
  trial: { from: string; to: string } | null,
  steps: TestStep[],
): Promise<Outcome | null> {
  const ask = dialogue(session);
  try {
    if (!trial) return null;
    const from = wireAddress(trial.from);
    const to = wireAddress(trial.to);
    if (!from.ok) return { kind: "refused", reason: "sender_address", text: `The sender's address ${from.why}` };
    if (!to.ok) return { kind: "refused", reason: "recipient_address", text: `The recipient's address ${to.why}` };
    const commands = [
      ["mail", `MAIL FROM:<${from.address}>`],
      ["rcpt", `RCPT TO:<${to.address}>`],
    ] as const;
    for (const [step, command] of commands) {
      const reply = await ask(command);
      const outcome: Outcome = reply
        ? { kind: "reply", phase: step, ...reply }
        : { kind: "network", phase: step, bodyHandedOver: false, error: "The server did not answer" };
      const ok = reply !== null && reply.code < 300;
      steps.push({ step, ok, detail: wordsOf(outcome) });
      if (!ok) return outcome;
    }
    await ask("RSET");
    return null;
  } finally {
    await ask("QUIT");
    session.socket.destroy();
  }
}

/** One command, one reply; null when none comes. */
function dialogue(session: Session): (command: string) => Promise<Reply | null> {
  const socket = takeSocket(session);
  const reader = new ReplyReader();
  let take: (reply: Reply | null) => void = () => {};
  socket.on("data", (chunk: Buffer) => {
    for (const reply of reader.read(chunk.toString("latin1"))) take(reply === "malformed" ? null : reply);
  });
  socket.on("error", () => take(null));
  socket.on("close", () => take(null));
  return (command) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), session.timeouts.command);
      take = (reply) => {
        clearTimeout(timer);
        resolve(reply);
      };
      if (socket.destroyed || !socket.writable) take(null);
      else socket.write(`${command}\r\n`);
    });
}

function warnings(options: SenderOptions, session: Session): Advice[] {
  const advice: Advice[] = [];
  const local = options.host === "localhost" || options.host.startsWith("127.");
  if (!session.server.secure && options.login && !local) {
    advice.push({
      code: offers(session.server, "STARTTLS") ? "should_use_starttls" : "login_in_the_clear",
      text: offers(session.server, "STARTTLS")
        ? "It works, but the password travels readable. This server offers STARTTLS: choose it."
        : "It works, but the password travels readable and this server offers no encryption on this port.",
    });
  }
  if (session.server.secure && !options.verifyCertificate) {
    advice.push({
      code: "certificate_not_checked",
      text: "It works, but the server's certificate is not checked, so somebody on the way could read the password.",
    });
  }
  return advice;
}
