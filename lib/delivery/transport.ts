import type { PrivateHosts } from "../private-hosts.ts";
import type { SenderLogin } from "../senders/resolve.ts";

/** Where and how to open a connection; a resolved sender of lib/senders fits as it is. Never log it: it holds a password. */
export type SenderOptions = {
  host: string;
  port: number;
  /** "starttls" is demanded, never merely tried: a server that does not offer it is not spoken to any further. */
  tlsMode: "none" | "starttls" | "implicit";
  verifyCertificate: boolean;
  login: SenderLogin | null;
  /** Certificate authorities (PEM) to trust instead of the system's. */
  authorities?: string;
  /** What may be connected to besides public addresses; anything at all for null or nothing. */
  privateHosts?: PrivateHosts | null;
  /** What we call ourselves in EHLO; the host name when left out. */
  clientName?: string;
  timeouts?: Partial<Timeouts>;
};

/** In milliseconds; defaults are those of RFC 5321 4.5.3.2. */
export type Timeouts = {
  connect: number;
  greeting: number;
  command: number;
  /** For 354 after DATA. */
  data: number;
  /** Between two accepted pieces of a body. */
  bodyPiece: number;
  /** For the answer to the final dot. Giving up early makes doubts, so this one is long. */
  afterDot: number;
};

const minute = 60_000;
export const defaultTimeouts: Timeouts = {
  connect: 2 * minute,
  greeting: 5 * minute,
  command: 5 * minute,
  data: 2 * minute,
  bodyPiece: 3 * minute,
  afterDot: 10 * minute,
};

/**
 * A whole RFC 5322 message as our composer makes it: the header with its empty line, and a body of quoted-printable
 * parts. ASCII, every line ends in CRLF, none starts with a dot; of the body that is taken as given.
 */
export type ComposedMessage = { head: string; body: string };

/** One sender and one recipient as bare addr-specs; an empty `from` is the null sender of bounces. */
export type Envelope = { from: string; to: string };

/** The command (or moment) an answer or a break belongs to; "dot" is the end of the body. */
export type Phase = "connect" | "greeting" | "ehlo" | "tls" | "auth" | "mail" | "rcpt" | "data" | "dot";

/** A complete SMTP reply: `enhanced` is the RFC 3463 code when there is one, `text` the words without codes. */
export type Reply = { code: number; enhanced?: string; text: string };

/**
 * What came of one try to hand a message over. Always a value: nothing about SMTP or the network is thrown.
 * - reply: the server answered, at `phase`. A 2xx is only ever an outcome at "dot", and means accepted by the server.
 * - network: the line broke (or a deadline passed) at `phase`. `bodyHandedOver` says whether the final dot had been
 *   given to the socket: if not, the server cannot have the message; if so, nobody knows.
 * - withheld: nothing was written, because the caller said no ("stopped") or the connection was already gone.
 * - refused: we would not write this ourselves.
 */
export type Outcome =
  | ({ kind: "reply"; phase: Phase } & Reply)
  | { kind: "network"; phase: Phase; bodyHandedOver: boolean; error: string }
  | { kind: "withheld"; at: "mail" | "body"; reason: "stopped" | "connection_gone" }
  | { kind: "refused"; reason: "sender_address" | "recipient_address" | "smtputf8_missing" | "too_big"; text: string };

export type SendHooks = {
  /**
   * Asked right before MAIL and right before the body is written: lease deadline, pause, cancel. On no before MAIL the
   * connection stays good; before the body it has to be closed.
   */
  mayGoOn?: (before: "mail" | "body") => boolean;
};

/** What the server said of itself. */
export type ServerInfo = { greeting: string; extensions: string[]; maxBytes: number; secure: boolean };

export type Connection = {
  readonly wire: "pipelining" | "nodemailer";
  /** So many sends may be outstanding with profit: the next one's envelope travels with this one's body. */
  readonly depth: number;
  /** False once closing or broken; a send on it is withheld. */
  readonly usable: boolean;
  /** Bodies given to the socket and not answered yet: what would be in doubt if it were cut now. Never more than 1. */
  readonly unanswered: number;
  readonly server: ServerInfo;
  /** Resolves when the connection is gone, for whatever reason. */
  readonly closed: Promise<void>;
  /** Hands one message over. `message` is a whole RFC 5322 message, without dot-stuffing. Never rejects. */
  send(envelope: Envelope, message: Buffer | string | ComposedMessage, hooks?: SendHooks): Promise<Outcome>;
  /** Waits for what is outstanding, says QUIT and closes. */
  quit(): Promise<void>;
  /** Cuts the line now; everything outstanding resolves as network or withheld. */
  destroy(): void;
};

export type Opened = { ok: true; connection: Connection } | { ok: false; outcome: Outcome };
