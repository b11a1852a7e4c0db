import { and, eq, isNull } from "drizzle-orm";
import { workspace } from "#drizzle/schema/auth.ts";
import { type AuthMethod, sender, type TlsMode } from "#drizzle/schema/senders.ts";
import { config } from "../config.ts";
import type { Db } from "../db.ts";
import { NotFound, Refusal } from "../errors.ts";
import { type PrivateHosts, parsePrivateHosts } from "../private-hosts.ts";
import { unseal } from "../secrets.ts";
import { inboxCredentials } from "./inbox-credentials.ts";
import { ensureInboxSender } from "./inbox-sender.ts";
import { keepRefreshToken, openOauth } from "./oauth-secrets.ts";
import { warmupAt } from "./warmup.ts";

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
  login: SenderLogin | null;
  /** Certificate authorities (PEM) to trust instead of the system's; empty for the system's. */
  authorities?: string;
  /** What may be connected to besides public addresses; null for the built-in inbox, which is where the settings say. */
  privateHosts?: PrivateHosts | null;
  /** At most this many at once, over all workers: see share.ts. */
  connections: number;
  messagesPerConnection: number;
  limits: SenderLimits;
  health: "up" | "down";
  /** While down: not to be tried before this. */
  retryAt: Date | null;
}

/** How to log in. `password` is empty where an access token is used instead. */
export interface SenderLogin {
  username: string;
  password: string;
  /** "auto" (or nothing) takes what the server offers; anything else is the only one that is tried. */
  method?: AuthMethod;
  /** For XOAUTH2. */
  oauth?: OauthLogin | null;
}

/** Where and with what to get access tokens. */
export interface OauthLogin {
  tokenUrl: string;
  clientId: string;
  scope: string;
  clientSecret: string;
  refreshToken: string;
  /** Stores a refresh token that came in place of this one. */
  keep?(refreshToken: string): Promise<void>;
}

/** Null = no limit. */
export interface SenderLimits {
  perSecond: number | null;
  perMinute?: number | null;
  perHour: number | null;
  /** Over any 24 hours. */
  perDay?: number | null;
  /** The warm-up plan's cap of today (UTC) and when the day ends; null without a plan or when it has ended. */
  warmup?: { cap: number; until: Date } | null;
}

/** The context under which a sender's password is sealed. */
export const passwordContext = (senderId: string) => `sender/${senderId}`;

/**
 * The sender that mail of this workspace goes through: the one asked for, or the default when `senderId` is null. This
 * is the only way to one, and the only place that decides that a sample workspace is confined: whatever it asks for,
 * it gets its built-in inbox, so nothing of it reaches the outside.
 * Throws NotFound for a workspace or sender that is not there, Refusal `senders.archived` for an archived one,
 * `senders.password_lost` when its password or token was sealed with a secret that is not there any more.
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
  return resolved(db, row);
}

/**
 * The same for two resolved senders whose open connections may be used for each other: where, how, under which login and
 * within which limits. A refresh token that the provider replaced makes no difference.
 */
export function connectionKey(of: ResolvedSender): string {
  const { login, limits } = of;
  const oauth = login?.oauth && { ...login.oauth, refreshToken: "" };
  const where = [of.host, of.port, of.tlsMode, of.verifyCertificate, of.authorities, of.privateHosts];
  return JSON.stringify([of.id, where, login && { ...login, oauth }, of.connections, of.messagesPerConnection, limits]);
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

function resolved(db: Db, row: SenderRow): ResolvedSender {
  const inbox = row.kind === "inbox";
  const { INBOX_SMTP_HOST, INBOX_SMTP_PORT, SENDER_PRIVATE_HOSTS } = config();
  const warmup = warmupAt(row.warmup, new Date());
  return {
    workspaceId: row.workspaceId,
    id: row.id,
    kind: row.kind,
    name: row.name,
    host: inbox ? INBOX_SMTP_HOST : row.host,
    port: inbox ? INBOX_SMTP_PORT : row.port,
    tlsMode: inbox ? "none" : row.tlsMode,
    verifyCertificate: inbox ? false : row.verifyCertificate,
    login: inbox ? inboxCredentials(row.workspaceId) : loginOf(db, row),
    authorities: row.authorities,
    privateHosts: inbox ? null : parsePrivateHosts(SENDER_PRIVATE_HOSTS),
    connections: row.connections,
    messagesPerConnection: row.messagesPerConnection,
    limits: {
      perSecond: row.ratePerSecond,
      perMinute: row.ratePerMinute,
      perHour: row.ratePerHour,
      perDay: row.ratePerDay,
      warmup: warmup && { cap: warmup.cap, until: warmup.until },
    },
    health: row.health,
    retryAt: row.retryAt,
  };
}

function loginOf(db: Db, row: SenderRow): SenderLogin | null {
  if (row.username === "") return null;
  const { username, authMethod: method } = row;
  if (method === "xoauth2") return { username, password: "", method, oauth: oauthOf(db, row) };
  return { username, password: openPassword(row) ?? "", method };
}

function oauthOf(db: Db, row: SenderRow): OauthLogin | null {
  const secrets = openOauth(row);
  if (!row.oauth || !secrets) return null;
  return { ...row.oauth, ...secrets, keep: (renewed) => keepRefreshToken(db, row, secrets.refreshToken, renewed) };
}

/** A sender's password in the clear, or null when none is stored. Refuses `senders.password_lost`. */
export function openPassword(row: { id: string; name: string; passwordSealed: string | null }): string | null {
  if (row.passwordSealed === null) return null;
  try {
    return unseal(row.passwordSealed, passwordContext(row.id));
  } catch {
    throw new Refusal("senders.password_lost", { name: row.name });
  }
}
