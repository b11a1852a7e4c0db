import { and, eq, isNull } from "drizzle-orm";
import { workspace } from "#drizzle/schema/auth.ts";
import { sender, type TlsMode } from "#drizzle/schema/senders.ts";
import { config } from "../config.ts";
import type { Db } from "../db.ts";
import { NotFound, Refusal } from "../errors.ts";
import { unseal } from "../secrets.ts";
import { inboxCredentials } from "./inbox-credentials.ts";
import { ensureInboxSender } from "./inbox-sender.ts";

/** Everything needed to open connections through a sender. Holds the password in the clear: never log or store it. */
export interface ResolvedSender {
  workspaceId: string;
  id: string;
  kind: "smtp" | "inbox";
  name: string;
  host: string;
  port: number;
  tlsMode: TlsMode;
  verifyCertificate: boolean;
  /** Null when the server takes mail without a login. */
  login: { username: string; password: string } | null;
  /** At most this many at once, over all workers of one process. */
  connections: number;
  messagesPerConnection: number;
  limits: SenderLimits;
  health: "up" | "down";
  /** While down: not to be tried before this. */
  retryAt: Date | null;
}

/** Null = no limit. */
export interface SenderLimits {
  perSecond: number | null;
  perHour: number | null;
}

/** The context under which a sender's password is sealed. */
export const passwordContext = (senderId: string) => `sender/${senderId}`;

/**
 * The sender that mail of this workspace goes through: the one asked for, or the default when `senderId` is null. This
 * is the only way to one, and the only place that decides that a sample workspace is confined: whatever it asks for,
 * it gets its built-in inbox, so nothing of it reaches the outside.
 * Throws NotFound for a workspace or sender that is not there, Refusal `senders.archived` for an archived one,
 * `senders.password_lost` when its password was sealed with a secret that is not there any more.
 */
export async function resolveSender(db: Db, workspaceId: string, senderId: string | null): Promise<ResolvedSender> {
  const [owner] = await db
    .select({ isSample: workspace.isSample })
    .from(workspace)
    .where(eq(workspace.id, workspaceId));
  if (!owner) throw new NotFound("workspace");
  const wanted = owner.isSample ? await ensureInboxSender(db, workspaceId) : senderId;
  const row = wanted ? await findSender(db, workspaceId, wanted) : await findDefaultSender(db, workspaceId);
  if (!row) throw new NotFound("sender");
  if (row.archivedAt && row.kind !== "inbox") throw new Refusal("senders.archived", { name: row.name });
  return resolved(row);
}

type SenderRow = typeof sender.$inferSelect;

async function findSender(db: Db, workspaceId: string, id: string): Promise<SenderRow | undefined> {
  const [row] = await db
    .select()
    .from(sender)
    .where(and(eq(sender.workspaceId, workspaceId), eq(sender.id, id)));
  return row;
}

async function findDefaultSender(db: Db, workspaceId: string): Promise<SenderRow | undefined> {
  const [row] = await db
    .select()
    .from(sender)
    .where(and(eq(sender.workspaceId, workspaceId), eq(sender.isDefault, true), isNull(sender.archivedAt)));
  return row ?? findSender(db, workspaceId, await ensureInboxSender(db, workspaceId));
}

function resolved(row: SenderRow): ResolvedSender {
  const inbox = row.kind === "inbox";
  const { INBOX_SMTP_HOST, INBOX_SMTP_PORT } = config();
  return {
    workspaceId: row.workspaceId,
    id: row.id,
    kind: row.kind,
    name: row.name,
    host: inbox ? INBOX_SMTP_HOST : row.host,
    port: inbox ? INBOX_SMTP_PORT : row.port,
    tlsMode: inbox ? "none" : row.tlsMode,
    verifyCertificate: inbox ? false : row.verifyCertificate,
    login: inbox ? inboxCredentials(row.workspaceId) : loginOf(row),
    connections: row.connections,
    messagesPerConnection: row.messagesPerConnection,
    limits: { perSecond: row.ratePerSecond, perHour: row.ratePerHour },
    health: row.health,
    retryAt: row.retryAt,
  };
}

function loginOf(row: SenderRow): ResolvedSender["login"] {
  if (row.username === "") return null;
  if (row.passwordSealed === null) return { username: row.username, password: "" };
  try {
    return { username: row.username, password: unseal(row.passwordSealed, passwordContext(row.id)) };
  } catch {
    throw new Refusal("senders.password_lost", { name: row.name });
  }
}
