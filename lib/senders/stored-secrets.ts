import { and, eq, isNull } from "drizzle-orm";
import { type OauthSettings, sender } from "#drizzle/schema/senders.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";
import { type OauthSecrets, openOauth } from "./oauth-secrets.ts";
import { openPassword } from "./resolve.ts";

/** What is stored for a sender's login, in the clear, with what it was given for. Never log it or send it to a browser. */
interface StoredSecrets {
  host: string;
  username: string;
  password: string | null;
  oauth: OauthSettings | null;
  secrets: OauthSecrets | null;
}

/**
 * The secrets of an SMTP sender in use, for a test of a form that leaves them empty. Throws NotFound for one that is
 * not there, Refusal `senders.password_lost` when they cannot be opened.
 */
export async function storedSecrets(db: Db, scope: Scope, senderId: string): Promise<StoredSecrets> {
  const [row] = await db
    .select()
    .from(sender)
    .where(and(eq(sender.workspaceId, scope.workspaceId), eq(sender.id, senderId), isNull(sender.archivedAt)));
  if (row?.kind !== "smtp") throw new NotFound("sender");
  const { host, username, oauth } = row;
  return { host, username, oauth, password: openPassword(row), secrets: openOauth(row) };
}
