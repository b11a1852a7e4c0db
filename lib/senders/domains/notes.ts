import { z } from "zod";
import type { sendingDomain } from "#drizzle/schema/senders.ts";
import type { KeySet, StoredKey } from "./keys.ts";

export type DomainRow = typeof sendingDomain.$inferSelect;

export type FindingState = "ok" | "missing" | "different" | "unknown";

/** What a look at DNS found of one record. */
export interface Finding {
  state: FindingState;
  /** Which words to say: a key of the texts. */
  reason: string;
  /** What stands in DNS, shortened and made harmless. */
  seen: string[];
  detail: Record<string, string | number>;
  /** What should stand there instead, where that depends on what was seen. */
  suggested: string | null;
}

const storedKey = z.object({ selector: z.string(), publicKey: z.string(), privateSealed: z.string() });

const recordNote = z.object({
  state: z.enum(["ok", "missing", "different", "unknown"]),
  reason: z.string(),
  seen: z.array(z.string()),
  detail: z.record(z.string(), z.union([z.string(), z.number()])),
  suggested: z.string().nullable(),
  /** When it was last seen as it should be, and since when it is not any more. */
  lastOkAt: z.string().nullable(),
  goneAt: z.string().nullable(),
});

export type RecordNote = z.output<typeof recordNote>;

const notesSchema = z.object({
  /** By record: "spf", "dmarc", "links", "dkim:<selector>". */
  records: z.record(z.string(), recordNote),
  /** While keys are being changed: the new ones, which do not sign yet. Sealed as in the columns. */
  next: z.object({ rsa: storedKey, ed25519: storedKey.nullable(), madeAt: z.string() }).nullable(),
  /** The selectors that signed before, whose records have to stay while mails signed with them are on their way. */
  previous: z.object({ selectors: z.array(z.string()), until: z.string() }).nullable(),
});

export type DomainNotes = z.output<typeof notesSchema>;

/** What the column `findings` holds; nothing when it is empty or not ours. */
export function readNotes(row: Pick<DomainRow, "findings">): DomainNotes {
  return notesSchema.safeParse(row.findings).data ?? { records: {}, next: null, previous: null };
}

export const dkimRecord = (selector: string) => `dkim:${selector}`;

/** The keys in use. */
export function currentKeys(row: DomainRow): KeySet {
  const { ed25519Selector, ed25519Public, ed25519PrivateSealed } = row;
  const ed25519: StoredKey | null =
    ed25519Selector && ed25519Public && ed25519PrivateSealed
      ? { selector: ed25519Selector, publicKey: ed25519Public, privateSealed: ed25519PrivateSealed }
      : null;
  return {
    rsa: { selector: row.selector, publicKey: row.rsaPublic, privateSealed: row.rsaPrivateSealed },
    ed25519,
  };
}

/** The columns that hold a set of keys. */
export function keyColumns({ rsa, ed25519 }: KeySet) {
  return {
    selector: rsa.selector,
    rsaPublic: rsa.publicKey,
    rsaPrivateSealed: rsa.privateSealed,
    ed25519Selector: ed25519?.selector ?? null,
    ed25519Public: ed25519?.publicKey ?? null,
    ed25519PrivateSealed: ed25519?.privateSealed ?? null,
  };
}

export function selectorsOf({ rsa, ed25519 }: KeySet): string[] {
  return ed25519 ? [rsa.selector, ed25519.selector] : [rsa.selector];
}
