import { and, eq, isNull } from "drizzle-orm";
import { workspace } from "#drizzle/schema/auth.ts";
import { type OauthSettings, sender } from "#drizzle/schema/senders.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound, Refusal } from "../errors.ts";
import { newId } from "../ids.ts";
import { seal } from "../secrets.ts";
import { setDefault } from "./default.ts";
import { ensureInboxSender } from "./inbox-sender.ts";
import type { SenderInput } from "./input.ts";
import { openOauth, sealOauth } from "./oauth-secrets.ts";
import { refusePrivateHost } from "./private-host.ts";
import { openPassword, passwordContext } from "./resolve.ts";

/** Adds an SMTP sender and returns its id. Refuses `senders.sample_workspace`: sample workspaces stay inside. */
export async function createSender(db: Db, scope: Scope, input: SenderInput): Promise<string> {
  allow(scope, "manage");
  await refusePrivateHost(input.host);
  return db.transaction(async (tx) => {
    const [owner] = await tx
      .select({ isSample: workspace.isSample })
      .from(workspace)
      .where(eq(workspace.id, scope.workspaceId));
    if (!owner) throw new NotFound("workspace");
    if (owner.isSample) throw new Refusal("senders.sample_workspace");
    await ensureInboxSender(tx, scope.workspaceId);
    const id = newId();
    const { password, oauthClientSecret, oauthRefreshToken, makeDefault, ...columns } = input;
    await tx.insert(sender).values({
      workspaceId: scope.workspaceId,
      id,
      kind: "smtp",
      ...columns,
      ...secretsAfter(null, id, input),
    });
    if (makeDefault) await setDefault(tx, scope.workspaceId, id);
    await audit(tx, scope, "sender.create", { kind: "sender", id }, { name: input.name, host: input.host });
    return id;
  });
}

/**
 * Changes an SMTP sender. An empty password keeps the stored one, but only for the same host and user name: the stored
 * password must not be sent to another server than it was given for (`senders.password_again`); the same holds for the
 * secrets of XOAUTH2. Settings that decide whether it can connect take it back into use at once.
 */
export async function updateSender(db: Db, scope: Scope, senderId: string, input: SenderInput): Promise<void> {
  allow(scope, "manage");
  await refusePrivateHost(input.host);
  await db.transaction(async (tx) => {
    const row = await getOwnSmtpSender(tx, scope, senderId);
    const { password, oauthClientSecret, oauthRefreshToken, makeDefault, ...columns } = input;
    await tx
      .update(sender)
      .set({
        ...columns,
        ...secretsAfter(row, row.id, input),
        health: "up",
        healthDetail: null,
        healthFailures: 0,
        retryAt: null,
        updatedAt: new Date(),
      })
      .where(and(eq(sender.workspaceId, scope.workspaceId), eq(sender.id, senderId)));
    if (makeDefault && !row.isDefault) await setDefault(tx, scope.workspaceId, senderId);
    await audit(
      tx,
      scope,
      "sender.update",
      { kind: "sender", id: senderId },
      {
        name: input.name,
        host: input.host,
        passwordChanged: password !== "" || oauthClientSecret !== "" || oauthRefreshToken !== "",
      },
    );
  });
}

/** Locks and returns an SMTP sender that is in use. Refuses `senders.built_in` for the inbox. */
export async function getOwnSmtpSender(tx: Db, scope: Scope, senderId: string): Promise<typeof sender.$inferSelect> {
  const [row] = await tx
    .select()
    .from(sender)
    .where(and(eq(sender.workspaceId, scope.workspaceId), eq(sender.id, senderId), isNull(sender.archivedAt)))
    .for("update");
  if (!row) throw new NotFound("sender");
  if (row.kind === "inbox") throw new Refusal("senders.built_in");
  return row;
}

type Row = typeof sender.$inferSelect;

/** The sealed columns as they have to be. `row` is what is stored; null for a new sender. */
function secretsAfter(row: Row | null, id: string, input: SenderInput): Pick<Row, "passwordSealed" | "oauthSealed"> {
  const none = { passwordSealed: null, oauthSealed: null };
  if (input.username === "") return none;
  if (input.authMethod === "xoauth2") return { ...none, oauthSealed: oauthAfter(row, id, input) };
  return { ...none, passwordSealed: passwordAfter(row, id, input) };
}

function passwordAfter(row: Row | null, id: string, input: SenderInput): string {
  if (input.password !== "") return seal(input.password, passwordContext(id));
  // Opened to see whether it can be: a sender with a password that nobody can read would fail at the first mail.
  const stored = row && openPassword(row);
  if (!row || stored === null) throw new Refusal("senders.password_missing");
  if (!mayReusePassword(row, input)) throw new Refusal("senders.password_again");
  return row.passwordSealed ?? "";
}

function oauthAfter(row: Row | null, id: string, input: SenderInput): string {
  const { oauthClientSecret: clientSecret, oauthRefreshToken: refreshToken } = input;
  if (refreshToken !== "") return sealOauth(id, { clientSecret, refreshToken });
  const stored = row && openOauth(row);
  if (!row || !stored) throw new Refusal("senders.oauth_missing");
  if (clientSecret !== "" || !mayReuseOauth(row, input)) throw new Refusal("senders.oauth_again");
  return row.oauthSealed ?? "";
}

/** Whether a stored password may be used without being typed again. */
export function mayReusePassword(
  stored: { host: string; username: string },
  given: { host: string; username: string },
): boolean {
  return stored.host.toLowerCase() === given.host.toLowerCase() && stored.username === given.username;
}

type OauthPlace = { host: string; username: string; oauth: OauthSettings | null };

/** Whether stored secrets of XOAUTH2 may be used again: for the same token address, client, mailbox and mail server. */
export function mayReuseOauth(stored: OauthPlace, given: OauthPlace): boolean {
  return (
    mayReusePassword(stored, given) &&
    stored.oauth?.tokenUrl === given.oauth?.tokenUrl &&
    stored.oauth?.clientId === given.oauth?.clientId
  );
}
