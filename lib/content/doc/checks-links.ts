import type { Block, EmailDoc } from "./email-doc.ts";
import type { Finding } from "./finding.ts";
import { blocksOf, objectsIn, type PlacedBlock, rewritten, withBlock } from "./walk.ts";

/** Links that lead nowhere, or there in the clear. */
export function linkFindings(doc: EmailDoc): Finding[] {
  const parts = [...blocksOf(doc).map(({ block }) => block), { ...doc.footer, id: "footer" }];
  return parts.flatMap((part) => {
    const found: Finding[] = [];
    for (const href of new Set(hrefsOf(part))) {
      const add = (code: Finding["code"], severity: Finding["severity"]) =>
        found.push({ code, severity, part: part.id, values: { href } });
      if (href === "" || href === "#") add("link_empty", "stop");
      else if (isUnfinished(href)) add("link_unfinished", "stop");
      else if (/^http:/i.test(href)) {
        add("link_insecure", "warn");
        const last = found.at(-1);
        if (last && !isHtml(part)) last.fix = (from) => secured(from, part.id, href);
      }
    }
    return found;
  });
}

const isHtml = (part: object): boolean => "html" in part;

function* hrefsOf(part: object): Generator<string> {
  // A picture that leads nowhere is a picture; every other link has to lead somewhere.
  const isPicture = "type" in part && part.type === "image";
  for (const { href } of objectsIn(part))
    if (typeof href === "string" && !(isPicture && href.trim() === "")) yield href.trim();
  if ("html" in part && typeof part.html === "string")
    for (const [, , href = ""] of part.html.matchAll(/<a\b[^>]*?\shref\s*=\s*(["'])(.*?)\1/gi))
      if (!href.includes("{{")) yield href.trim();
}

function isUnfinished(href: string): boolean {
  if (href === "unsubscribe") return false;
  if (/\{\{|\*\||\[[^\]]*\]/.test(href.replace(/^https?:\/\/\[[\da-f:]+\]/i, ""))) return true;
  if (/^mailto:/i.test(href)) return !/^mailto:[^@\s]+@[^@\s]+/i.test(href);
  if (/^tel:/i.test(href)) return !/\d/.test(href);
  try {
    const { hostname } = new URL(href);
    return hostname !== "localhost" && !/[.:]/.test(hostname.replace(/^\.|\.$/g, ""));
  } catch {
    return true;
  }
}

function secured(doc: EmailDoc, part: string, href: string): EmailDoc {
  const mend = <Part>(of: Part): Part =>
    rewritten(of, (object) =>
      typeof object.href === "string" && object.href.trim() === href
        ? { ...object, href: href.replace(/^http:/i, "https:") }
        : object,
    );
  return part === "footer" ? { ...doc, footer: mend(doc.footer) } : withBlock(doc, part, mend);
}

/** Pictures without words, without a size, too small for a finger, or not there. */
export function pictureFindings(doc: EmailDoc): Finding[] {
  return blocksOf(doc).flatMap((placed) => {
    const { block } = placed;
    const found: Finding[] = [];
    const part = block.id;
    if (block.type === "html" && /<img\b(?![^>]*\salt\s*=)/i.test(block.html))
      found.push({ code: "alt_missing", severity: "warn", part, values: {} });
    const picture = block.type === "product" ? block.picture : block.type === "html" ? undefined : pictureOf(block);
    if (!picture) return found;
    if (picture.src === "") {
      const fix = (from: EmailDoc) => withBlock(from, part, withoutPicture);
      return [{ code: "picture_missing", severity: "warn", part, values: {}, fix }];
    }
    const leads = block.type === "video" || (block.type === "image" && Boolean(block.href)) || hasButton(block);
    if (picture.alt.trim() === "" && (leads || !picture.decorative))
      found.push({
        ...{ code: "alt_missing", severity: "warn", part, values: {} },
        ...(leads ? {} : { fix: (from: EmailDoc) => withBlock(from, part, decorative) }),
      });
    if (block.type === "image") {
      if (block.width === undefined) {
        const width = roomFor(placed, doc);
        const fix = (from: EmailDoc) => withBlock(from, part, (one) => ({ ...one, width }) as Block);
        found.push({ code: "picture_unsized", severity: "hint", part, values: { count: width * 2 }, fix });
      } else if (block.href && block.width < 44) {
        const fix = (from: EmailDoc) => withBlock(from, part, (one) => ({ ...one, width: 44 }) as Block);
        found.push({ code: "tap_small", severity: "warn", part, values: { count: block.width }, fix });
      }
    }
    return found;
  });
}

const pictureOf = (block: Block) => (block.type === "image" || block.type === "video" ? block : undefined);
const hasButton = (block: Block): boolean => block.type === "product" && block.button !== undefined;

function withoutPicture(block: Block): Block | null {
  if (block.type !== "product") return null;
  const { picture: _, ...rest } = block;
  return rest;
}

function decorative(block: Block): Block {
  if (block.type === "image") return { ...block, decorative: true };
  if (block.type === "product" && block.picture) return { ...block, picture: { ...block.picture, decorative: true } };
  return block;
}

/** The width that a picture has in its column, in pixels of the mail. */
function roomFor({ block, column, section }: PlacedBlock, { theme }: EmailDoc): number {
  const total = section.ratio.reduce((sum, share) => sum + share, 0);
  const share = section.ratio[section.columns.findIndex(({ id }) => id === column.id)] ?? 1;
  const sides = [section.padding, column.padding, block.padding ?? { left: 32, right: 32 }];
  const taken = sides.reduce((sum, side) => sum + (side?.left ?? 0) + (side?.right ?? 0), 0);
  return Math.max(8, Math.round((theme.width * share) / total) - taken);
}
