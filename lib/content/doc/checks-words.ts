import type { EmailDoc } from "./email-doc.ts";
import type { CheckInput, Finding } from "./finding.ts";
import { blocksOf, objectsIn, rewritten, withBlock, wordsOf } from "./walk.ts";

const LONGEST_SUBJECT = 70;
const SHORTEST_PREHEADER = 40;
const LONGEST_PREHEADER = 130;

/** Subject and preview text: what stands in the inbox. */
export function lineFindings({ subject, preheader }: CheckInput): Finding[] {
  const found: Finding[] = [];
  const add = (code: Finding["code"], severity: Finding["severity"], part: string, values = {}) =>
    found.push({ code, severity, part, values });
  const [title, preview] = [shown(subject), shown(preheader)];
  if (title === "") add("subject_missing", "stop", "subject");
  if (title.length > LONGEST_SUBJECT) add("subject_long", "hint", "subject", { count: title.length });
  if (preview === "") add("preheader_missing", "warn", "preheader");
  else if (preview.toLowerCase() === title.toLowerCase()) add("preheader_repeats", "warn", "preheader");
  else if (preview.length < SHORTEST_PREHEADER) add("preheader_short", "hint", "preheader", { count: preview.length });
  else if (preview.length > LONGEST_PREHEADER) add("preheader_long", "hint", "preheader", { count: preview.length });
  for (const [part, text] of [
    ["subject", subject],
    ["preheader", preheader],
  ] as const)
    for (const [, field = ""] of text.matchAll(/\{\{-?\s*subscriber[.["']+([\w -]+)[^}|]*\}\}/g))
      add("fallback_missing", "warn", part, { field });
  return found;
}

/** A line as long as it is read: a merge field counts as the name that will stand there. */
function shown(line: string): string {
  return line
    .replace(/\{\{.*?\}\}/g, "Name")
    .replace(/\{%.*?%\}/g, "")
    .trim();
}

const phrases =
  /\b(100% free|act now|all natural|as seen on|buy now|cash bonus|click here|congratulations|double your|earn money|free money|get rich|guaranteed|limited time|make money|no obligation|once in a lifetime|order now|risk[- ]free|this is not spam|urgent|winner|you have been selected|gratis|hier klicken|jetzt kaufen|garantiert|geld verdienen|nur heute|unverbindlich|sie haben gewonnen|dringend)\b/gi;

/** Merge fields with nothing to fall back on, and what readers and filters take for advertising. */
export function wordFindings({ doc, subject, preheader }: CheckInput): Finding[] {
  const parts: { part: string; text: string; isTitle: boolean }[] = [
    { part: "subject", text: shown(subject), isTitle: true },
    { part: "preheader", text: shown(preheader), isTitle: false },
    ...blocksOf(doc).map(({ block }) => ({
      part: block.id,
      text: wordsOf(block),
      isTitle: block.type === "heading",
    })),
  ];
  const found: Finding[] = fallbackFindings(doc);
  for (const { part, text, isTitle } of parts) {
    const [phrase] = text.match(phrases) ?? [];
    if (phrase) found.push({ code: "spam_phrase", severity: "hint", part, values: { phrase } });
    const letters = text.match(/\p{L}/gu)?.length ?? 0;
    const capitals = text.match(/\p{Lu}/gu)?.length ?? 0;
    if (isTitle && letters >= 10 && capitals / letters > 0.7)
      found.push({ code: "shouting", severity: "hint", part, values: {} });
    const marks = text.match(/!/g)?.length ?? 0;
    if (/!\s*!/.test(text) || marks > 3)
      found.push({ code: "exclamations", severity: "hint", part, values: { count: marks } });
  }
  return found;
}

function fallbackFindings(doc: EmailDoc): Finding[] {
  const parts = [...blocksOf(doc).map(({ block }) => block), { ...doc.footer, id: "footer" }];
  return parts.flatMap((part) => {
    const fields = new Set<string>();
    for (const { field, fallback } of objectsIn(part))
      if (typeof field === "string" && typeof fallback === "string" && fallback.trim() === "") fields.add(field);
    return [...fields].map((field): Finding => {
      const finding: Finding = { code: "fallback_missing", severity: "warn", part: part.id, values: { field } };
      if (field !== "first_name") return finding;
      const mend = <Part>(of: Part): Part =>
        rewritten(of, (object) =>
          object.field === field && typeof object.fallback === "string" && object.fallback.trim() === ""
            ? { ...object, fallback: "there" }
            : object,
        );
      const fix = (from: EmailDoc): EmailDoc =>
        part.id === "footer" ? { ...from, footer: mend(from.footer) } : withBlock(from, part.id, mend);
      return { ...finding, fix };
    });
  });
}
