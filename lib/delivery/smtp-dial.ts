import type { Socket } from "node:net";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { mayReach, type PrivateHosts } from "../private-hosts.ts";
import { credentialsFor } from "./smtp-login.ts";
import { parseReply } from "./smtp-reply.ts";
import {
  defaultTimeouts,
  type Outcome,
  type Phase,
  type SenderOptions,
  type ServerInfo,
  type Timeouts,
} from "./transport.ts";

/** An open, secured and authenticated session, still in nodemailer's hands. */
export type Session = { smtp: SMTPConnection; socket: Socket; server: ServerInfo; timeouts: Timeouts };

export type Dialled = { ok: true; session: Session } | { ok: false; outcome: Outcome; errorCode: string };

type Failure = Error & {
  code?: string;
  originalCode?: string;
  response?: string;
  command?: string;
  timeoutType?: string;
};

/** The addresses that nodemailer found for a host and is about to connect to. */
type Resolved = { _addresses?: string[] };
type ConnectTo = { host?: string };

/**
 * What nodemailer (pinned) keeps to itself and we need: the EHLO lines, the moment between looking a name up and
 * connecting, and the listeners to take off its socket.
 */
type Inside = {
  stage: "init" | "connected";
  _ehloLines?: string[];
  /** As a whole, when STARTTLS was asked for after it. */
  _plaintextEhlo?: string;
  _supportedExtensions: string[];
  _supportedAuth: string[];
  _maxAllowedSize: number;
  _resolveAndConnect: (to: ConnectTo, connect: (resolved: Resolved) => void) => void;
  _onSocketData: () => void;
  _onSocketError: () => void;
  _onSocketClose: () => void;
  _onSocketEnd: () => void;
  _onSocketTimeout: () => void;
};

const inside = (smtp: SMTPConnection) => smtp as unknown as Inside;

/**
 * Connects, greets, secures and logs in with nodemailer's SMTPConnection. It makes one try (its pool and transports,
 * which retry and requeue, are not used). `errorCode` is the system's or OpenSSL's name of the trouble, where there is one.
 * `signal` gives it up: nothing was said of any mail yet.
 */
export function dial(options: SenderOptions, signal?: AbortSignal): Promise<Dialled> {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const smtp = new SMTPConnection({
    host: options.host,
    port: options.port,
    secure: options.tlsMode === "implicit",
    requireTLS: options.tlsMode === "starttls",
    ignoreTLS: options.tlsMode === "none",
    connectionTimeout: timeouts.connect + timeouts.greeting,
    dnsTimeout: timeouts.connect,
    greetingTimeout: timeouts.greeting,
    socketTimeout: timeouts.command,
    tls: { rejectUnauthorized: options.verifyCertificate, ...(options.authorities ? { ca: options.authorities } : {}) },
    ...(options.clientName ? { name: options.clientName } : {}),
  });
  return new Promise((resolve) => {
    let greeting = "";
    const fail = (error: Failure, phase = phaseOf(error, smtp)) => {
      clearTimeout(connectTimer);
      signal?.removeEventListener("abort", giveUp);
      smtp.close();
      const isOpen = phase === "tls" && options.login && lacksLogin(smtp) === "nothing_offered";
      const errorCode = isOpen ? "nothing_offered" : (error.originalCode ?? error.code ?? "");
      resolve({ ok: false, outcome: outcomeOf(error, phase), errorCode });
    };
    const giveUp = () => fail(new Error("Given up by us"), "connect");
    signal?.addEventListener("abort", giveUp);
    const connectTimer = setTimeout(() => {
      if (inside(smtp).stage === "init")
        fail(Object.assign(new Error("Connection timeout"), { code: "ETIMEDOUT" }), "connect");
    }, timeouts.connect);
    const connected = () => {
      clearTimeout(connectTimer);
      signal?.removeEventListener("abort", giveUp);
      const socket = smtp._socket;
      if (!socket) return fail(new Error("Connection closed"), "connect");
      resolve({ ok: true, session: { smtp, socket, server: serverInfo(smtp, greeting), timeouts } });
    };
    smtp.on("error", (error: Failure) => fail(error));
    guardAddresses(smtp, options.host, options.privateHosts ?? null, (words) =>
      fail(Object.assign(new Error(words), { code: "EPRIVATE" }), "connect"),
    );
    if (signal?.aborted) return giveUp();
    smtp.connect((error) => {
      if (error) return fail(error);
      greeting = smtp.lastServerResponse || "";
      if (!options.login) return connected();
      const offered = inside(smtp)._supportedAuth;
      const way = credentialsFor(options.login, offered, options.privateHosts ?? "any");
      if (!way.ok) {
        const code = way.code === "login_not_offered" ? (lacksLogin(smtp) ?? way.code) : way.code;
        return fail(Object.assign(new Error(way.words), { code }), "auth");
      }
      smtp.login(way.credentials, (refused) => (refused ? fail(refused, "auth") : connected()));
    });
  });
}

/**
 * Lets nodemailer connect to those addresses of a host alone that may be reached. A name is looked up once, and what is
 * checked here is what is connected to: another answer a moment later changes nothing.
 */
function guardAddresses(
  smtp: SMTPConnection,
  host: string,
  privateHosts: PrivateHosts | null,
  refuse: (words: string) => void,
): void {
  if (privateHosts === null) return;
  const nodemailer = inside(smtp);
  const resolveAndConnect = nodemailer._resolveAndConnect.bind(smtp);
  nodemailer._resolveAndConnect = (to, connect) =>
    resolveAndConnect(to, (resolved) => {
      const allowed = (resolved._addresses ?? []).filter((address) => mayReach(host, address, privateHosts));
      const [first] = allowed;
      if (first === undefined) return refuse(`${host} is inside of a private network`);
      to.host = first;
      connect({ ...resolved, _addresses: allowed });
    });
}

/** Takes the socket out of nodemailer's hands, so that our own wire speaks on it. */
export function takeSocket(session: Session): Socket {
  const { socket } = session;
  const nodemailer = inside(session.smtp);
  socket.removeListener("data", nodemailer._onSocketData);
  socket.removeListener("error", nodemailer._onSocketError);
  socket.removeListener("close", nodemailer._onSocketClose);
  socket.removeListener("end", nodemailer._onSocketEnd);
  socket.removeListener("timeout", nodemailer._onSocketTimeout);
  socket.setTimeout(0);
  return socket;
}

function serverInfo(smtp: SMTPConnection, greeting: string): ServerInfo {
  return {
    greeting,
    extensions: (inside(smtp)._ehloLines ?? []).map((line) => line.toUpperCase()),
    maxBytes: inside(smtp)._maxAllowedSize,
    secure: smtp.secure,
  };
}

/** What a server in the clear that offers no login is short of; null when it offers one, or is secured. */
function lacksLogin(smtp: SMTPConnection): "login_needs_tls" | "nothing_offered" | null {
  const { _ehloLines, _plaintextEhlo } = inside(smtp);
  const ehlo = _plaintextEhlo || (_ehloLines ?? []).join("\n");
  if (smtp.secure || ehlo === "" || /(^|[ -])AUTH\b/im.test(ehlo)) return null;
  return /(^|[ -])STARTTLS\b/im.test(ehlo) ? "login_needs_tls" : "nothing_offered";
}

/** Which step of opening failed; nodemailer names only some. */
function phaseOf(error: Failure, smtp: SMTPConnection): Phase {
  const command = error.command ?? "";
  if (command.startsWith("AUTH") || error.code === "EAUTH") return "auth";
  if (command === "STARTTLS" || error.code === "ETLS" || smtp.upgrading || error.timeoutType === "UPGRADE_TIMEOUT")
    return "tls";
  if (command === "EHLO" || command === "HELO") return "ehlo";
  if (inside(smtp).stage === "init")
    return /SSL|TLS|CERT|SELF_SIGNED|UNABLE_TO/.test(error.originalCode ?? "") ? "tls" : "connect";
  return smtp.lastServerResponse === false || error.message.startsWith("Invalid greeting") ? "greeting" : "ehlo";
}

function outcomeOf(error: Failure, phase: Phase): Outcome {
  const reply = error.response ? parseReply(error.response.split(/\r?\n/)) : "malformed";
  if (reply !== "malformed" && reply.code >= 400) return { kind: "reply", phase, ...reply };
  return { kind: "network", phase, bodyHandedOver: false, error: wordsOf(error) };
}

/** nodemailer's bare "Timeout" says nothing to the person who reads why a campaign stands still. */
function wordsOf(error: Failure): string {
  return error.message === "Timeout" ? "The server did not answer in time" : error.message;
}
