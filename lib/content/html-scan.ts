import { Parser } from "htmlparser2";

/** An attribute as it stands in the HTML. `valueBegin` and `valueEnd` enclose the raw value without its quotes. */
export type ScannedAttribute = {
  id: number;
  tag: string;
  name: string;
  value: string;
  quote: string | null | undefined;
  begin: number;
  valueBegin: number;
  valueEnd: number;
  /** True inside a conditional comment, which only Outlook reads. */
  inComment: boolean;
};

export type ScannedText = { tag: string; hidden: boolean; inComment: boolean };

/** Every comment replaced by what `replace` makes of it, in one pass; a comment that is not closed stays. */
export function replaceComments(html: string, replace: (comment: string) => string): string {
  let result = "";
  let at = 0;
  for (;;) {
    const begin = html.indexOf("<!--", at);
    const end = begin < 0 ? -1 : html.indexOf("-->", begin + 4);
    if (end < 0) return result + html.slice(at);
    result += html.slice(at, begin) + replace(html.slice(begin, end + 3));
    at = end + 3;
  }
}

/** What a scan reports, in document order. All offsets are into the scanned HTML. */
export type HtmlVisitor = {
  tag?(name: string, begin: number, tagId: number, inComment: boolean): void;
  attribute?(attribute: ScannedAttribute, tagId: number): void;
  text?(data: string, place: ScannedText): void;
  /** A comment that is not conditional, or a declaration. */
  comment?(data: string, begin: number, end: number): void;
  close?(name: string): void;
};

const CONDITIONAL = /^\[if\s[^\]]*\]>/i;
const RAW_TEXT = new Set(["style", "script", "title", "textarea", "noscript", "xmp"]);

/**
 * Reads HTML without ever writing it again, so untouched bytes stay untouched. Outlook's conditional comments are read
 * as the HTML that they hold.
 */
export function scanHtml(html: string, visitor: HtmlVisitor): void {
  scanPart(html, 0, false, visitor, { id: 0 });
}

function scanPart(html: string, offset: number, inComment: boolean, visitor: HtmlVisitor, ids: { id: number }): void {
  let tagId = 0;
  let tag = "";
  const raw: string[] = [];
  const parser = new Parser(
    {
      onopentagname(name) {
        tagId = ++ids.id;
        tag = name;
        visitor.tag?.(name, offset + parser.startIndex, tagId, inComment);
      },
      onattribute(name, value, quote) {
        const begin = parser.startIndex;
        const part = html.slice(begin, parser.endIndex);
        const equals = part.indexOf("=");
        const lead =
          equals < 0 ? part.length : equals + 1 + (/^\s*["']?/.exec(part.slice(equals + 1))?.[0].length ?? 0);
        const valueBegin = begin + lead;
        const closing = quote ? 1 : 0;
        const valueEnd = Math.max(valueBegin, parser.endIndex - closing);
        visitor.attribute?.(
          {
            id: ++ids.id,
            tag,
            name: name.toLowerCase(),
            value,
            quote,
            begin: offset + begin,
            valueBegin: offset + valueBegin,
            valueEnd: offset + valueEnd,
            inComment,
          },
          tagId,
        );
      },
      onopentag(name) {
        if (RAW_TEXT.has(name)) raw.push(name);
      },
      onclosetag(name) {
        if (raw.at(-1) === name) raw.pop();
        visitor.close?.(name);
      },
      ontext(data) {
        const inside = raw.at(-1) ?? "";
        visitor.text?.(data, { tag: inside, hidden: inside !== "" && inside !== "noscript", inComment });
      },
      oncomment(data) {
        const begin = parser.startIndex + 4;
        const prefix = CONDITIONAL.exec(data)?.[0];
        if (prefix && !inComment && data.length > prefix.length + 2) {
          const inner = data.slice(prefix.length).replace(/<!\[endif\]$/i, "");
          scanPart(inner, offset + begin + prefix.length, true, visitor, ids);
        } else visitor.comment?.(data, offset + parser.startIndex, offset + parser.endIndex + 1);
      },
      onprocessinginstruction(_name, data) {
        visitor.comment?.(data, offset + parser.startIndex, offset + parser.endIndex + 1);
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.end(html);
}
