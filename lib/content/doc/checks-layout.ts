import type { Block, EmailDoc } from "./email-doc.ts";
import type { CheckInput, Finding } from "./finding.ts";
import { blocksOf, rewritten, withBlock, wordsOf } from "./walk.ts";

const WARN_BYTES = 80 * 1024;
const CLIP_BYTES = 102 * 1024;
const SMALLEST_TEXT = 14;

/** Weight, empty parts, small text and the order of headings. */
export function layoutFindings({ doc, sizeBytes }: CheckInput): Finding[] {
  return [...sizeFindings(sizeBytes), ...emptyFindings(doc), ...smallFindings(doc), ...headingFindings(doc)];
}

function sizeFindings(bytes: number | null): Finding[] {
  if (bytes === null || bytes <= WARN_BYTES) return [];
  const values = { count: Math.round(bytes / 1024) };
  return bytes > CLIP_BYTES
    ? [{ code: "clipped", severity: "stop", part: null, values }]
    : [{ code: "heavy", severity: "warn", part: null, values }];
}

function isEmpty(block: Block): boolean {
  switch (block.type) {
    case "text":
      return wordsOf(block) === "" && !JSON.stringify(block.content).match(/"(mergeField|horizontalRule)"/);
    case "heading":
      return block.content.every((part) => typeof part === "string" && part.trim() === "");
    case "image":
      return block.src === "";
    case "html":
      return block.html.trim() === "";
    default:
      return false;
  }
}

function emptyFindings(doc: EmailDoc): Finding[] {
  const blocks = blocksOf(doc).map(({ block }) => block);
  const says = (block: Block) => block.type !== "spacer" && block.type !== "divider" && !isEmpty(block);
  if (!blocks.some(says)) return [{ code: "nothing_written", severity: "stop", part: null, values: {} }];
  return doc.sections
    .filter(({ columns }) => columns.every((column) => column.blocks.every(isEmpty)))
    .map(({ id }) => ({
      code: "section_empty",
      severity: "warn",
      part: id,
      values: {},
      fix: (from) => ({ ...from, sections: from.sections.filter((section) => section.id !== id) }),
    }));
}

function smallFindings(doc: EmailDoc): Finding[] {
  const { textSize } = doc.theme;
  const found: Finding[] = [];
  if (textSize < SMALLEST_TEXT)
    found.push({
      code: "text_small",
      severity: "warn",
      part: null,
      values: { count: textSize },
      fix: (from) => ({ ...from, theme: { ...from.theme, textSize: SMALLEST_TEXT } }),
    });
  for (const { block } of blocksOf(doc)) {
    if ((block.type !== "text" && block.type !== "heading") || (block.size ?? SMALLEST_TEXT) >= SMALLEST_TEXT) continue;
    const fix = (from: EmailDoc) => withBlock(from, block.id, (one) => ({ ...one, size: SMALLEST_TEXT }) as Block);
    found.push({ code: "text_small", severity: "warn", part: block.id, values: { count: block.size ?? 0 }, fix });
  }
  return found;
}

/** Headings go down one step at a time; a mail may begin with the second level. Cards of products are outside of it. */
function headingFindings(doc: EmailDoc): Finding[] {
  const found: Finding[] = [];
  let before = 1;
  for (const { block } of blocksOf(doc)) {
    for (const level of levelsIn(block)) {
      if (level > before + 1) {
        const to = before + 1;
        const values = { from: before, to: level };
        const fix = (from: EmailDoc) => withBlock(from, block.id, (one) => lifted(one, level, to));
        found.push({ code: "heading_skips", severity: "hint", part: block.id, values, fix });
        break;
      }
      before = level;
    }
  }
  return found;
}

function levelsIn(block: Block): number[] {
  if (block.type === "heading") return [block.level];
  if (block.type !== "text") return [];
  return block.content.content.flatMap((node) => (node.type === "heading" ? [node.attrs.level] : []));
}

function lifted(block: Block, level: number, to: number): Block {
  if (block.type === "heading") return { ...block, level: to } as Block;
  return rewritten(block, (object) => (object.level === level ? { ...object, level: to } : object));
}
