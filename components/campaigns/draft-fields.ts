import type { ContentKind } from "#components/editor/content-kind.ts";

/** What the editor of a draft holds, as plain fields. */
export interface DraftFields {
  name: string;
  subject: string;
  preheader: string;
  fromName: string;
  fromEmail: string;
  replyTo: string;
  senderId: string | null;
  trackOpens: boolean;
  trackClicks: boolean;
  inDoubtPolicy: "resend" | "hold";
  /** The first so many people get it, then it waits so many minutes; null sends to everybody at once. */
  canary: { count: number; minutes: number } | null;
  /** Instant from which on nothing more is sent; null for none. */
  endsAt: string | null;
  includeListIds: string[];
  excludeListIds: string[];
  /** What the source is written in: MJML, or a document of the editor. */
  kind: ContentKind;
  source: string;
}
