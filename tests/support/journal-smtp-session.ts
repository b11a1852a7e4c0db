import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { JournalServer } from "./journal-smtp.ts";
import type { Phase, Rule } from "./journal-smtp-rules.ts";

const END_OF_DATA = Buffer.from("\r\n.\r\n");
const HEAD_BYTES = 8192;
const MAX_LINE_BYTES = 65_536;

/**
 * One connection of the journal server: a small strict ESMTP dialogue (RFC 5321, 2920, 3207, 4954) in which every
 * moment first asks the rule book. While a rule waits, nothing further is read from the input, as a stuck server would.
 */
export class JournalSession {
  readonly id: number;
  /** Replies not yet written; the server writes the journal first, then these. */
  out = "";
  /** Ids of messages whose 250 is in `out`. */
  telling: number[] = [];
  closed = false;
  #server: JournalServer;
  #socket: Socket;
  #input: Buffer = Buffer.alloc(0);
  #mode: "command" | "data" = "command";
  #busy = false;
  #authStep: "none" | "plain" | "login-user" | "login-pass" = "none";
  #authUser = "";
  #authenticated = false;
  #secure: boolean;
  #from: string | null = null;
  #to: string[] = [];
  #head = "";
  #kept: Buffer[] = [];
  #bodyBytes = 0;
  #lastBytes: Buffer = Buffer.alloc(0);
  #bodyMoment = false;
  #accepted = 0;

  constructor(server: JournalServer, socket: Socket, id: number, secure: boolean) {
    this.#server = server;
    this.#socket = socket;
    this.#secure = secure;
    this.id = id;
    this.#listen(socket);
    this.#moment("connect", () => this.#say("220 journal.test ESMTP ready"));
    server.wake(this);
  }

  reset(): void {
    this.closed = true;
    this.#server.writeJournal();
    this.#socket.resetAndDestroy();
  }

  /** Writes what is due; called after the journal is on disk. Returns the ids whose 250 reached the socket. */
  flush(): number[] {
    const told = this.telling;
    this.telling = [];
    if (this.out === "") return told;
    const text = this.out;
    this.out = "";
    if (this.closed || !this.#socket.writable) return [];
    this.#socket.write(text, "latin1");
    return told;
  }

  #listen(socket: Socket): void {
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("error", () => {});
    socket.on("close", () => {
      if (this.#socket !== socket) return;
      this.closed = true;
      this.#server.forget(this);
    });
  }

  #receive(chunk: Buffer): void {
    const rate = this.#server.settings.readBytesPerSecond;
    if (rate > 0) {
      this.#socket.pause();
      setTimeout(() => this.#socket.resume(), (chunk.length / rate) * 1000);
    }
    this.#input = this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk]);
    this.#work();
  }

  #work(): void {
    while (!this.#busy && !this.closed && this.#input.length > 0) {
      if (this.#mode === "data") this.#readData();
      else if (!this.#readCommand()) break;
    }
    if (this.#busy && this.#input.length > 1_000_000) this.#socket.pause();
    this.#server.wake(this);
  }

  /** Runs `usual` unless a rule has something else in mind for this moment. */
  #moment(at: Phase, usual: () => void, refused: () => void = () => {}): void {
    const rule = this.#ruleFor(at);
    this.#report(rule);
    this.#follow(rule, usual, refused);
  }

  #ruleFor(at: Phase): Rule | null {
    const to = this.#to[this.#to.length - 1] ?? "";
    return this.#server.rules.find({ at, from: this.#from ?? "", to, connection: this.id });
  }

  #report(rule: Rule | null): void {
    if (!rule?.tell) return;
    const to = this.#to[this.#to.length - 1] ?? "";
    const messageId = headerOf(this.#head, "message-id");
    this.#server.tell({ event: "reached", phase: rule.at, rule: rule.id ?? null, connection: this.id, to, messageId });
  }

  #follow(rule: Rule | null, usual: () => void, refused: () => void): void {
    if (!rule) return usual();
    if (!rule.hold && !rule.delayMs) return this.#act(rule, usual, refused);
    this.#busy = true;
    const goOn = () => {
      this.#busy = false;
      if (this.closed) return;
      this.#act(rule, usual, refused);
      this.#socket.resume();
      this.#work();
    };
    if (rule.hold) this.#server.holdUntilReleased(rule.id ?? rule.at, goOn);
    else setTimeout(goOn, rule.delayMs);
  }

  #act(rule: Rule, usual: () => void, refused: () => void): void {
    if (rule.do === undefined) return usual();
    if (rule.do === "reset") return this.reset();
    if (rule.do === "close") return this.#end();
    refused();
    this.#server.count(`refused.${rule.at}.${rule.do.reply.slice(0, 3)}`);
    const reply = rule.do.reply.replace(/\n/g, "\r\n");
    if (rule.do.cut) this.out += reply;
    else this.#say(reply);
    if (rule.do.close) this.#end();
  }

  #say(line: string): void {
    this.out += `${line}\r\n`;
  }

  #end(): void {
    this.#busy = true;
    this.#server.flushNow(this);
    this.closed = true;
    this.#socket.end();
  }

  #readCommand(): boolean {
    const end = this.#input.indexOf(0x0a);
    if (end < 0) {
      if (this.#input.length > MAX_LINE_BYTES) this.reset();
      return false;
    }
    const line = this.#input.toString("utf8", 0, end).trimEnd();
    this.#input = this.#input.subarray(end + 1);
    if (this.#authStep !== "none") this.#authenticate(line);
    else this.#command(line);
    return true;
  }

  #command(line: string): void {
    const upper = line.slice(0, 10).toUpperCase();
    if (upper.startsWith("MAIL FROM:")) return this.#mail(line);
    if (upper.startsWith("RCPT TO:")) return this.#rcpt(line);
    if (upper.startsWith("DATA")) return this.#data();
    if (upper.startsWith("EHLO")) return this.#moment("ehlo", () => this.#say(this.#extensions()));
    if (upper.startsWith("HELO")) return this.#moment("ehlo", () => this.#say("250 journal.test"));
    if (upper.startsWith("STARTTLS")) return this.#startTls();
    if (upper.startsWith("AUTH")) return this.#auth(line);
    if (upper.startsWith("RSET")) {
      this.#clearEnvelope();
      return this.#say("250 2.0.0 reset");
    }
    if (upper.startsWith("NOOP")) return this.#say("250 2.0.0 ok");
    if (upper.startsWith("QUIT")) {
      this.#say("221 2.0.0 bye");
      return this.#end();
    }
    this.#say("500 5.5.2 command not recognised");
  }

  #extensions(): string {
    const { settings } = this.#server;
    const lines = ["journal.test", "8BITMIME", "ENHANCEDSTATUSCODES"];
    if (settings.pipelining) lines.push("PIPELINING");
    if (settings.smtpUtf8) lines.push("SMTPUTF8");
    lines.push(settings.maxBytes > 0 ? `SIZE ${settings.maxBytes}` : "SIZE");
    if (settings.tls === "starttls" && !this.#secure) lines.push("STARTTLS");
    if (settings.auth) lines.push(`AUTH ${settings.authMethods}`);
    return lines.map((text, i) => `250${i === lines.length - 1 ? " " : "-"}${text}`).join("\r\n");
  }

  #startTls(): void {
    if (this.#server.settings.tls !== "starttls" || this.#secure) return this.#say("502 5.5.1 not offered");
    this.#moment("starttls", () => {
      this.#say("220 2.0.0 go ahead");
      this.#server.flushNow(this);
      const plain = this.#socket;
      plain.removeAllListeners("data");
      const secured = new TLSSocket(plain, { isServer: true, secureContext: this.#server.secureContext() });
      this.#socket = secured;
      this.#secure = true;
      this.#input = Buffer.alloc(0);
      this.#listen(secured);
    });
  }

  #auth(line: string): void {
    if (!this.#server.settings.auth) return this.#say("503 5.5.1 no authentication here");
    const [, method = "", initial] = line.split(" ");
    if (method.toUpperCase() === "PLAIN") {
      if (initial !== undefined) return this.#checkPlain(initial);
      this.#authStep = "plain";
      return this.#say("334 ");
    }
    if (method.toUpperCase() === "LOGIN") {
      this.#authStep = "login-user";
      return this.#say("334 VXNlcm5hbWU6");
    }
    this.#say("504 5.5.4 mechanism not known");
  }

  #authenticate(line: string): void {
    const step = this.#authStep;
    this.#authStep = "none";
    if (step === "plain") return this.#checkPlain(line);
    const value = Buffer.from(line, "base64").toString();
    if (step === "login-user") {
      this.#authUser = value;
      this.#authStep = "login-pass";
      return this.#say("334 UGFzc3dvcmQ6");
    }
    this.#checkLogin(this.#authUser, value);
  }

  #checkPlain(encoded: string): void {
    const [, user = "", pass = ""] = Buffer.from(encoded, "base64").toString().split("\0");
    this.#checkLogin(user, pass);
  }

  #checkLogin(user: string, pass: string): void {
    this.#moment("auth", () => {
      const { auth } = this.#server.settings;
      this.#authenticated = auth !== null && auth.user === user && auth.pass === pass;
      if (this.#authenticated) return this.#say("235 2.7.0 authentication successful");
      this.#server.count("refused.auth.535");
      this.#say("535 5.7.8 Error: authentication failed: bad username or password");
    });
  }

  #mail(line: string): void {
    const { settings } = this.#server;
    if (settings.auth && !this.#authenticated) return this.#say("530 5.7.0 authentication required");
    if (this.#from !== null) return this.#say("503 5.5.1 nested MAIL command");
    this.#from = pathOf(line);
    const forget = () => {
      this.#from = null;
    };
    const size = Number(/ SIZE=(\d+)/i.exec(line)?.[1] ?? 0);
    this.#server.count("mail");
    this.#moment(
      "mail",
      () => {
        if (settings.maxBytes > 0 && size > settings.maxBytes) {
          forget();
          return this.#say("552 5.3.4 message size exceeds fixed limit");
        }
        this.#say("250 2.1.0 sender ok");
      },
      forget,
    );
  }

  #rcpt(line: string): void {
    if (this.#from === null) return this.#say("503 5.5.1 need MAIL first");
    this.#to.push(pathOf(line));
    this.#server.count("rcpt");
    this.#moment(
      "rcpt",
      () => this.#say("250 2.1.5 recipient ok"),
      () => {
        if (!this.#server.settings.dataWithoutRecipient) this.#to.pop();
      },
    );
  }

  #data(): void {
    if (this.#from === null) return this.#say("503 5.5.1 need MAIL first");
    if (this.#to.length === 0) return this.#say("554 5.5.1 no valid recipients");
    this.#moment(
      "data",
      () => {
        this.#mode = "data";
        this.#head = "";
        this.#kept = [];
        this.#bodyBytes = 0;
        this.#lastBytes = Buffer.from("\r\n");
        this.#bodyMoment = true;
        this.#say("354 end data with <CR><LF>.<CR><LF>");
      },
      () => {},
    );
  }

  #readData(): void {
    if (this.#bodyMoment) {
      this.#bodyMoment = false;
      this.#head = this.#input.toString("latin1", 0, HEAD_BYTES);
      this.#moment("body", () => {});
      this.#head = "";
      if (this.#busy || this.closed || this.#mode !== "data") return;
    }
    const end = this.#endOfData();
    const body = end < 0 ? this.#input : this.#input.subarray(0, end);
    if (this.#head.length < HEAD_BYTES) this.#head += body.toString("latin1", 0, HEAD_BYTES);
    this.#bodyBytes += body.length;
    if (this.#server.settings.keepMessages) this.#kept.push(Buffer.from(body));
    if (end < 0) {
      const joined = this.#input.length >= 4 ? this.#input : Buffer.concat([this.#lastBytes, this.#input]);
      this.#lastBytes = Buffer.from(joined.subarray(-4));
      this.#input = Buffer.alloc(0);
      return;
    }
    this.#input = this.#input.subarray(end);
    this.#mode = "command";
    this.#dot();
  }

  /** Where the input goes on after CRLF.CRLF, or -1; the five bytes may lie across two chunks. */
  #endOfData(): number {
    const seam = Buffer.concat([this.#lastBytes, this.#input.subarray(0, 4)]);
    const atSeam = seam.indexOf(END_OF_DATA);
    if (atSeam >= 0) return atSeam + END_OF_DATA.length - this.#lastBytes.length;
    const at = this.#input.indexOf(END_OF_DATA);
    return at < 0 ? -1 : at + END_OF_DATA.length;
  }

  #dot(): void {
    const { maxBytes, closeAfterMessages } = this.#server.settings;
    if (maxBytes > 0 && this.#bodyBytes > maxBytes) {
      this.#clearEnvelope();
      return this.#say("552 5.3.4 message too big");
    }
    const rule = this.#ruleFor("dot");
    const taken = rule === null || (rule.accept ?? rule.do === undefined);
    const id = taken ? this.#accept() : 0;
    this.#report(rule);
    this.#clearEnvelope();
    const usual = () => {
      this.telling.push(id);
      this.#say(`250 2.0.0 queued as ${id}`);
      this.#accepted += 1;
      if (closeAfterMessages > 0 && this.#accepted >= closeAfterMessages) this.#end();
    };
    this.#follow(rule, usual, () => {});
  }

  #accept(): number {
    return this.#server.accept({
      connection: this.id,
      from: this.#from ?? "",
      to: this.#to.join(","),
      messageId: headerOf(this.#head, "message-id"),
      headerId: headerOf(this.#head, this.#server.settings.idHeader),
      bytes: this.#bodyBytes,
      ...(this.#server.settings.keepMessages ? { message: unstuff(Buffer.concat(this.#kept)) } : {}),
    });
  }

  #clearEnvelope(): void {
    this.#from = null;
    this.#to = [];
    this.#head = "";
    this.#kept = [];
  }
}

/** A header's value in the top of a message, without unfolding; "" when it is not there. */
function headerOf(head: string, name: string): string {
  const found = new RegExp(`^${name}:[ \\t]*(?:\\r\\n[ \\t]+)?([^\\r\\n]*)`, "im").exec(head);
  return found?.[1]?.trim() ?? "";
}

/** The message as it was before the wire: without the final dot and the doubled dots (RFC 5321 4.5.2). */
function unstuff(wire: Buffer): string {
  return wire
    .toString("utf8")
    .replace(/\.\r\n$/, "")
    .replace(/^\.\./gm, ".");
}

/** The address between the angle brackets of MAIL FROM:<…> or RCPT TO:<…>. */
function pathOf(line: string): string {
  const open = line.indexOf("<");
  const close = line.indexOf(">", open);
  return open < 0 || close < 0 ? "" : line.slice(open + 1, close);
}
