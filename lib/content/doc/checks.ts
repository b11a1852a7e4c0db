import { colourFindings } from "./checks-colours.ts";
import { layoutFindings } from "./checks-layout.ts";
import { linkFindings, pictureFindings } from "./checks-links.ts";
import { visibilityFindings } from "./checks-visibility.ts";
import { lineFindings, wordFindings } from "./checks-words.ts";
import type { EmailDoc } from "./email-doc.ts";

/** What keeps a mail from being good, from being sent without a thought, and what is only worth a look. */
export type Severity = "stop" | "warn" | "hint";

/** Each has its words under `checks.findings` in the messages. */
export const findingCodes = [
  "alt_missing",
  "block_unseen",
  "clipped",
  "contrast_dark",
  "contrast_inverted",
  "contrast_low",
  "exclamations",
  "fallback_missing",
  "heading_skips",
  "heavy",
  "link_empty",
  "link_insecure",
  "link_unfinished",
  "nothing_written",
  "picture_missing",
  "picture_unsized",
  "preheader_long",
  "preheader_missing",
  "preheader_repeats",
  "preheader_short",
  "section_empty",
  "shouting",
  "spam_phrase",
  "subject_long",
  "subject_missing",
  "tap_small",
  "text_small",
] as const;
export type FindingCode = (typeof findingCodes)[number];

export interface Finding {
  code: FindingCode;
  severity: Severity;
  /** The id of a section or block, "footer", "subject", "preheader"; null for the whole mail. */
  part: string | null;
  /** What the words about it name: a link, a field, a number. */
  values: Record<string, string | number>;
  /** Mends it: the document without this finding. */
  fix?: (doc: EmailDoc) => EmailDoc;
}

export interface CheckInput {
  doc: EmailDoc;
  subject: string;
  preheader: string;
  /** Bytes of the compiled HTML, or null while that is not known. */
  sizeBytes: number | null;
}

const order: readonly Severity[] = ["stop", "warn", "hint"];

/** Everything worth mending in a mail, the worst first. Pure; of a document of 300 blocks in a few milliseconds. */
export function checkDoc(input: CheckInput): Finding[] {
  const { doc } = input;
  const found = [
    ...lineFindings(input),
    ...layoutFindings(input),
    ...linkFindings(doc),
    ...pictureFindings(doc),
    ...colourFindings(doc),
    ...visibilityFindings(doc),
    ...wordFindings(input),
  ];
  const once = new Map(found.map((one) => [JSON.stringify([one.code, one.part, one.values]), one]));
  return [...once.values()].toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** How many there are of each, for a badge. */
export function countFindings(found: readonly Finding[]): Record<Severity, number> {
  const counts = { stop: 0, warn: 0, hint: 0 };
  for (const { severity } of found) counts[severity] += 1;
  return counts;
}
