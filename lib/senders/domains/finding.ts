import type { Finding, FindingState } from "./notes.ts";

/** A finding in its stored shape. What strangers wrote into DNS is cut and cleaned before it is kept. */
export function finding(
  state: FindingState,
  reason: string,
  rest: { seen?: readonly string[]; detail?: Finding["detail"]; suggested?: string | null } = {},
): Finding {
  return {
    state,
    reason,
    seen: (rest.seen ?? []).slice(0, 5).map(harmless),
    detail: rest.detail ?? {},
    suggested: rest.suggested ?? null,
  };
}

export const dnsAway = (): Finding => finding("unknown", "dns_away");

function harmless(text: string): string {
  const clean = text.toWellFormed().replace(/\p{Cc}|[\u2028\u2029]/gu, "\ufffd");
  return clean.length > 1000 ? `${clean.slice(0, 1000)}…` : clean;
}

/** The tags of a record ("v=DKIM1; k=rsa; p=…"), names in lower case, the first of each; null when it is no such list. */
export function readTags(record: string): Map<string, string> | null {
  const tags = new Map<string, string>();
  for (const piece of record.split(";")) {
    if (piece.trim() === "") continue;
    const equals = piece.indexOf("=");
    if (equals < 1) return null;
    const name = piece.slice(0, equals).trim().toLowerCase();
    if (!tags.has(name)) tags.set(name, piece.slice(equals + 1).trim());
  }
  return tags;
}
