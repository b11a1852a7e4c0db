import { and, eq } from "drizzle-orm";
import { sender } from "#drizzle/schema/senders.ts";
import type { Db } from "../db.ts";
import { Refusal } from "../errors.ts";
import { seal, unseal } from "../secrets.ts";

/** What is sealed for XOAUTH2. A public client has no secret. */
export interface OauthSecrets {
  clientSecret: string;
  refreshToken: string;
}

type Row = { workspaceId: string; id: string; name: string; oauthSealed: string | null };

const contextOf = (senderId: string) => `sender/${senderId}/oauth`;

export function sealOauth(senderId: string, { clientSecret, refreshToken }: OauthSecrets): string {
  return seal(JSON.stringify({ clientSecret, refreshToken }), contextOf(senderId));
}

/** Null when none is stored. Refuses `senders.password_lost` when they cannot be opened. */
export function openOauth(row: Pick<Row, "id" | "name" | "oauthSealed">): OauthSecrets | null {
  if (row.oauthSealed === null) return null;
  try {
    return JSON.parse(unseal(row.oauthSealed, contextOf(row.id))) as OauthSecrets;
  } catch {
    throw new Refusal("senders.password_lost", { name: row.name });
  }
}

/**
 * Stores the refresh token that a provider gave in place of `before`. Does nothing when another one has been stored
 * meanwhile: a person or another worker was faster.
 */
export async function keepRefreshToken(db: Db, row: Row, before: string, renewed: string): Promise<void> {
  const mine = and(eq(sender.workspaceId, row.workspaceId), eq(sender.id, row.id));
  await db.transaction(async (tx) => {
    const [now] = await tx
      .select({ id: sender.id, name: sender.name, oauthSealed: sender.oauthSealed })
      .from(sender)
      .where(mine)
      .for("update");
    const secrets = now && openOauth(now);
    if (secrets?.refreshToken !== before) return;
    await tx
      .update(sender)
      .set({ oauthSealed: sealOauth(row.id, { ...secrets, refreshToken: renewed }) })
      .where(mine);
  });
}
