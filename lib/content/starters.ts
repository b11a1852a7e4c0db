import type { EmailDoc } from "./doc/email-doc.ts";
import { newLetter } from "./doc/letter.ts";
import { blankDoc } from "./doc/new-parts.ts";
import type { ContentSource } from "./revision.ts";
import { announcementStarter } from "./starters/announcement.ts";
import { letterStarter } from "./starters/letter.ts";
import { newsletterStarter } from "./starters/newsletter.ts";

/** A finished design to begin from. `key` is stable; name and description are worded by the app through it. */
export type Starter = {
  key: "blank" | "design" | "newsletter" | "announcement" | "letter";
  subject: string;
  preheader: string;
  content: ContentSource;
};

/**
 * The designs that a new template can begin from: an empty letter, an empty design, then finished ones, best first. They need no pictures,
 * suit light and dark readers and phones, and carry the unsubscribe link and the postal address. `language` (BCP 47) is
 * that of the few words of the empty ones.
 */
export function listStarters(language: string): Starter[] {
  const empty = (key: Starter["key"], doc: EmailDoc): Starter => ({
    ...{ key, subject: "", preheader: "" },
    content: { kind: "doc", v: 1, source: JSON.stringify(doc) },
  });
  return [empty("blank", newLetter(language)), empty("design", blankDoc(language)), ...designs];
}

const designs: readonly Starter[] = [newsletterStarter, announcementStarter, letterStarter].map((starter) => ({
  key: starter.key,
  subject: starter.subject,
  preheader: starter.preheader,
  content: { kind: "mjml", v: 1, source: starter.source },
}));

/** The starter of that key, or null. */
export function findStarter(key: string, language: string): Starter | null {
  return listStarters(language).find((starter) => starter.key === key) ?? null;
}
