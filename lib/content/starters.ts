import type { EmailDoc } from "./doc/email-doc.ts";
import { newLetter } from "./doc/letter.ts";
import { blankDoc } from "./doc/new-parts.ts";
import type { ContentSource } from "./revision.ts";
import { codeStarter } from "./starters/code.ts";
import { eventStarters } from "./starters/events.ts";
import { greetingStarters } from "./starters/greetings.ts";
import type { StarterCategory } from "./starters/kit.ts";
import { newsletterStarters } from "./starters/newsletters.ts";
import { promotionStarters } from "./starters/promotions.ts";
import { relationshipStarters } from "./starters/relationships.ts";
import { releaseStarters } from "./starters/releases.ts";
import { transactionalStarters } from "./starters/transactions.ts";

/** A finished design to begin from. `key` is stable; name and description are worded by the app through it. */
export type Starter = {
  key: string;
  category: StarterCategory;
  subject: string;
  preheader: string;
  content: ContentSource;
};

/**
 * What a new template or campaign can begin from: an empty letter, an empty design, MJML, then finished designs. They need
 * no pictures, suit light and dark readers and phones, and carry the unsubscribe link and the postal address. `language`
 * (BCP 47) is that of the few words of the empty ones.
 */
export function listStarters(language: string): Starter[] {
  const empty = (key: string, doc: EmailDoc): Starter => ({
    ...{ key, category: "empty", subject: "", preheader: "" },
    content: { kind: "doc", v: 1, source: JSON.stringify(doc) },
  });
  return [empty("blank", newLetter(language)), empty("design", blankDoc(language)), code, ...designs];
}

const code: Starter = {
  ...{ key: "code", category: "empty", subject: codeStarter.subject, preheader: codeStarter.preheader },
  content: { kind: "mjml", v: 1, source: codeStarter.source },
};

const designs: readonly Starter[] = [
  ...newsletterStarters,
  ...promotionStarters,
  ...releaseStarters,
  ...relationshipStarters,
  ...eventStarters,
  ...greetingStarters,
  ...transactionalStarters,
].map(({ doc, ...starter }) => ({ ...starter, content: { kind: "doc", v: 1, source: JSON.stringify(doc) } }));

/** The starter of that key, or null. */
export function findStarter(key: string, language: string): Starter | null {
  return listStarters(language).find((starter) => starter.key === key) ?? null;
}
