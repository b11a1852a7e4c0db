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
