import type { CompiledMail, MailPart } from "./compile-mail.ts";
import type { Landing } from "./escape.ts";
import { type LiquidScope, parseTemplate, renderTemplate } from "./liquid.ts";
import { type Op, printValue, type Slot } from "./mail-ops.ts";
import { encodeCharacters, encodeQuotedPrintable, foldLine } from "./quoted-printable.ts";
import { mailScope, type SubscriberData } from "./render.ts";

/**
 * The full addresses of one message. `click(i)` leads to `CompiledMail.links[i]`. Each is asked for at most once.
 * `verbatim`: they begin with a base that isVerbatimBase() and go on with base64url, so that no escaping changes them.
 */
export type MessageUrls = { click(link: number): string; open: string; unsubscribe: string; verbatim?: boolean };

/** Whether addresses under this base look the same wherever they land: in HTML, in plain text, in quoted-printable. */
export function isVerbatimBase(base: string): boolean {
  return /^https?:\/\/[A-Za-z0-9.:/_-]+$/.test(base);
}

/** Where an address that is ours lands as it is. */
const verbatimLandings = new Set<Landing>(["url", "attribute", "text", "plain"]);

/**
 * One message: `subject` as text without line breaks (the header's encoding is the sender's), `contentType` the value
 * of the Content-Type header, `body` the MIME entity below it: ASCII, CRLF, lines of at most 76 octets, not dot-stuffed.
 */
export type FilledMail = { subject: string; contentType: string; body: string };

/** Fills a frozen mail for one person. Throws ContentError only where a part has to be rendered by Liquid. */
export function fillMail(mail: CompiledMail, subscriber: SubscriberData, urls: MessageUrls): FilledMail {
  const message = new Message(mail, subscriber, urls);
  const delimiter = `--${mail.boundary}`;
  const head = "Content-Transfer-Encoding: quoted-printable\r\n\r\n";
  return {
    subject: message.subject(),
    contentType: `multipart/alternative; boundary="${mail.boundary}"`,
    body:
      `${delimiter}\r\nContent-Type: text/plain; charset=utf-8\r\n${head}${message.body(mail.text)}\r\n` +
      `${delimiter}\r\nContent-Type: text/html; charset=utf-8\r\n${head}${message.body(mail.html)}\r\n` +
      `${delimiter}--\r\n`,
  };
}

type Template = ReturnType<typeof parseTemplate>;
const parsed = new WeakMap<CompiledMail, Map<string, Template>>();

class Message {
  readonly #mail: CompiledMail;
  readonly #subscriber: SubscriberData;
  readonly #urls: MessageUrls;
  readonly #clicks: string[] = [];
  #scope: LiquidScope | null = null;
  /** What is finished, and the line that is still open (encoded, not folded). */
  #out = "";
  #line = "";

  constructor(mail: CompiledMail, subscriber: SubscriberData, urls: MessageUrls) {
    this.#mail = mail;
    this.#subscriber = subscriber;
    this.#urls = urls;
  }

  subject(): string {
    const part = this.#mail.subject;
    const subject = part.mode === "segments" ? this.#plainRun(part.ops) : this.#render(part.template);
    return subject.replace(/[\r\n]+/g, " ").trim();
  }

  body(part: MailPart): string {
    if (part.mode === "liquid") return encodeQuotedPrintable(this.#render(part.template).replace(/\r\n?/g, "\n"));
    this.#out = "";
    this.#line = "";
    this.#run(part.ops);
    return this.#out + foldLine(this.#line);
  }

  #run(ops: readonly Op[]): void {
    for (const op of ops) {
      switch (op.op) {
        case "text":
          this.#line += op.first;
          if (op.next !== undefined) {
            this.#out += `${foldLine(this.#line)}\r\n${op.lines}`;
            this.#line = op.next;
          }
          break;
        case "hole":
          if (this.#urls.verbatim && op.slot.from !== "subscriber" && isPlain(op)) this.#line += this.#value(op.slot);
          else this.#add(printValue(this.#value(op.slot), op.filters, op.landing));
          break;
        case "choice":
          this.#run(this.#choose(op.branches));
          break;
        case "liquid":
          this.#add(this.#render(op.template).replace(/\r\n?/g, "\n"));
          break;
        default:
          op satisfies never;
      }
    }
  }

  #add(text: string): void {
    if (!text.includes("\n")) {
      this.#line += encodeCharacters(text);
      return;
    }
    const lines = text.split("\n");
    this.#line += encodeCharacters(lines[0] ?? "");
    for (let index = 1; index < lines.length; index++) {
      this.#out += `${foldLine(this.#line)}\r\n`;
      this.#line = encodeCharacters(lines[index] ?? "");
    }
  }

  #plainRun(ops: readonly Op[]): string {
    let text = "";
    for (const op of ops) {
      if (op.op === "text") text += op.first;
      else if (op.op === "hole") text += printValue(this.#value(op.slot), op.filters, op.landing);
      else if (op.op === "choice") text += this.#plainRun(this.#choose(op.branches));
      else text += this.#render(op.template);
    }
    return text;
  }

  #choose(branches: Extract<Op, { op: "choice" }>["branches"]): readonly Op[] {
    for (const { when, ops } of branches) {
      if (when === null) return ops;
      if ("key" in when ? this.#field(when.key) : this.#render(when.liquid) === "1") return ops;
    }
    return [];
  }

  #field(key: string): unknown {
    return Object.hasOwn(this.#subscriber, key) ? this.#subscriber[key] : undefined;
  }

  #value(slot: Slot): unknown {
    switch (slot.from) {
      case "subscriber":
        return this.#field(slot.key);
      case "click":
        return this.#click(slot.link);
      case "open":
        return this.#urls.open;
      case "unsubscribe":
        return this.#urls.unsubscribe;
      default:
        return slot satisfies never;
    }
  }

  #click(link: number): string {
    this.#clicks[link] ??= this.#urls.click(link);
    return this.#clicks[link] as string;
  }

  #render(source: string): string {
    const templates = parsed.get(this.#mail) ?? new Map<string, Template>();
    const template = templates.get(source) ?? parseTemplate(source);
    parsed.set(this.#mail, templates.set(source, template));
    this.#scope ??= {
      ...mailScope(this.#mail.shared, this.#subscriber, this.#urls.unsubscribe),
      _open: this.#urls.open,
      _click: this.#mail.links.map((_target, link) => this.#click(link)),
    };
    return renderTemplate(template, this.#scope);
  }
}

function isPlain(hole: Extract<Op, { op: "hole" }>): boolean {
  return hole.filters.length === 0 && verbatimLandings.has(hole.landing);
}
