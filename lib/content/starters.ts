import type { ContentSource } from "./revision.ts";
import { announcementStarter } from "./starters/announcement.ts";
import { letterStarter } from "./starters/letter.ts";
import { newsletterStarter } from "./starters/newsletter.ts";

/** A finished design to begin from. `key` is stable; name and description are worded by the app through it. */
export type Starter = {
  key: "newsletter" | "announcement" | "letter";
  subject: string;
  preheader: string;
  content: ContentSource;
};

/**
 * The designs that a new template can begin from, best first. They need no pictures, suit light and dark readers and
 * phones, and carry the unsubscribe link and the postal address.
 */
export const starters: readonly Starter[] = [newsletterStarter, announcementStarter, letterStarter].map((starter) => ({
  key: starter.key,
  subject: starter.subject,
  preheader: starter.preheader,
  content: { kind: "mjml", v: 1, source: starter.source },
}));

/** The starter of that key, or null. */
export function findStarter(key: string): Starter | null {
  return starters.find((starter) => starter.key === key) ?? null;
}
