import { and, asc, eq, isNull } from "drizzle-orm";
import { workspace } from "#drizzle/schema/auth.ts";
import { sender } from "#drizzle/schema/senders.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";
import { ensureInboxSender } from "./inbox-sender.ts";

/** One of the senders that share the campaigns without a sender of their own. */
export interface PoolMember {
  id: string;
  /** At least 1; its share is this of the sum of all. */
  weight: number;
  health: "up" | "down";
  /** While down: not to be tried before this. */
  retryAt: Date | null;
  /** Known to whoever asked for allowance: nothing goes out through it before this. */
  fullUntil?: Date | null;
}

/** The sender to take; or none, and when one may be back at the earliest (null for an empty pool). */
export type Picked = { id: string; retryAt: null } | { id: null; retryAt: Date | null };

/**
 * The senders that a campaign without a choice of its own is shared among: the default (weighing at least 1) and every
 * other SMTP sender in use with a weight. The test inbox shares with nobody: as long as it is the default it takes
 * everything, and otherwise nothing, so that no mail of a real campaign is kept back in it. A sample workspace has its
 * inbox alone.
 */
export async function listPool(db: Db, workspaceId: string): Promise<PoolMember[]> {
  const [owner] = await db
    .select({ isSample: workspace.isSample })
    .from(workspace)
    .where(eq(workspace.id, workspaceId));
  if (!owner) throw new NotFound("workspace");
  const inboxId = await ensureInboxSender(db, workspaceId);
  const rows = await db
    .select({
      id: sender.id,
      kind: sender.kind,
      isDefault: sender.isDefault,
      weight: sender.weight,
      health: sender.health,
      retryAt: sender.retryAt,
    })
    .from(sender)
    .where(and(eq(sender.workspaceId, workspaceId), isNull(sender.archivedAt)))
    .orderBy(asc(sender.id));
  const main = owner.isSample ? undefined : rows.find((row) => row.isDefault);
  return rows
    .filter((row) =>
      main?.kind === "smtp" ? row.kind === "smtp" && (row === main || row.weight > 0) : row.id === inboxId,
    )
    .map(({ id, isDefault, weight, health, retryAt }) => ({
      id,
      weight: isDefault || id === inboxId ? Math.max(1, weight) : weight,
      health,
      retryAt,
    }));
}

/** A sender's part of what the pool carries while all are well, from 0 to 1; null when it carries all or nothing. */
export function shareOf(pool: readonly PoolMember[], senderId: string): number | null {
  const weight = pool.find((member) => member.id === senderId)?.weight;
  if (weight === undefined || pool.length < 2) return null;
  return weight / pool.reduce((sum, member) => sum + member.weight, 0);
}

/** Who shares the campaigns without a sender of their own, by name, the largest part first; empty when nothing is shared. */
export async function listShares(db: Db, workspaceId: string): Promise<Array<{ name: string; share: number }>> {
  const pool = await listPool(db, workspaceId);
  if (pool.length < 2) return [];
  const names = await db
    .select({ id: sender.id, name: sender.name })
    .from(sender)
    .where(and(eq(sender.workspaceId, workspaceId), isNull(sender.archivedAt)))
    .orderBy(asc(sender.name), asc(sender.id));
  return names
    .flatMap(({ id, name }) => {
      const share = shareOf(pool, id);
      return share === null ? [] : [{ name, share }];
    })
    .sort((a, b) => b.share - a.share);
}

/**
 * Chooses one by weight among those that can be used at `now`: not down (or due for another try) and not full. `random`
 * gives numbers from 0 up to, and without, 1.
 */
export function pickSender(pool: readonly PoolMember[], random: () => number, now: Date): Picked {
  const usable = pool.filter((member) => availableAt(member) <= now.getTime());
  if (usable.length === 0) {
    const earliest = Math.min(...pool.map(availableAt));
    return { id: null, retryAt: Number.isFinite(earliest) ? new Date(earliest) : null };
  }
  let left = random() * usable.reduce((sum, member) => sum + member.weight, 0);
  const chosen = usable.find((member) => {
    left -= member.weight;
    return left < 0;
  });
  return { id: (chosen ?? (usable.at(-1) as PoolMember)).id, retryAt: null };
}

/** In milliseconds since 1970; in the past when it can be used. */
function availableAt({ health, retryAt, fullUntil }: PoolMember): number {
  return Math.max(health === "down" ? (retryAt?.getTime() ?? 0) : 0, fullUntil?.getTime() ?? 0);
}
