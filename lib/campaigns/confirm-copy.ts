import { sql } from "drizzle-orm";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import { type Scope, systemScope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { takeOverDatabase } from "../instance/take-over.ts";

/** What a confirmation will do to the campaigns of all workspaces. Counts only: some are other workspaces'. */
export interface CopyCampaigns {
  /** Being frozen or sent in the copy: they become paused. */
  underWay: number;
  /** Their planned time has passed: they become missed. */
  overdue: number;
  /** They start at their time. */
  ahead: number;
}

/** Counts what confirmCopy() would touch, for the dialog that asks. Served from the partial index campaign_under_way. */
export async function copyCampaigns(db: Db, scope: Scope): Promise<CopyCampaigns> {
  allow(scope, "manage");
  const { rows } = await db.execute<CopyCampaigns & Record<string, unknown>>(sql`
    select count(*) filter (where status in ('freezing', 'sending'))::int as "underWay",
      count(*) filter (where status = 'scheduled' and launch_at <= clock_timestamp())::int as overdue,
      count(*) filter (where status = 'scheduled' and launch_at > clock_timestamp())::int as ahead
    from campaign where status in ('scheduled', 'freezing', 'sending')`);
  const { underWay = 0, overdue = 0, ahead = 0 } = rows[0] ?? {};
  return { underWay, overdue, ahead };
}

/**
 * A person says that this installation may send with this database, whatever it looked like. What was under way in it
 * becomes paused (pauseReason "copy") and what should have started becomes missed, in all workspaces: the original may
 * have sent it since, so each needs a click of its own. One transaction with the new identity. Does nothing when sending
 * is not locked. Refuses `auth.not_allowed` to all but owners and admins, and `instance.in_use`.
 */
export async function confirmCopy(db: Db, scope: Scope): Promise<{ paused: number; missed: number }> {
  allow(scope, "manage");
  const done = await db.transaction(async (tx) => {
    const taken = await takeOverDatabase(tx);
    if (!taken) return null;
    const paused = await haltAll(tx, {
      set: sql`status = 'paused', pause_reason = 'copy', paused_at = clock_timestamp()`,
      where: sql`status in ('freezing', 'sending')`,
      action: "campaign.paused_by_engine",
    });
    // However little late: the original may have started it.
    const missed = await haltAll(tx, {
      set: sql`status = 'missed', pause_reason = null`,
      where: sql`status = 'scheduled' and launch_at <= clock_timestamp()`,
      action: "campaign.missed",
    });
    const { locked, recorded, databaseIdentity, host } = taken.before;
    await audit(tx, scope, "instance.confirm", undefined, {
      ...{ reason: locked, paused, missed },
      before: recorded,
      now: { instanceId: host.id, databaseIdentity, rememberedEpoch: host.epoch },
    });
    return { paused, missed, remember: taken.remember };
  });
  if (!done) return { paused: 0, missed: 0 };
  const { remember, ...counts } = done;
  await remember();
  return counts;
}

async function haltAll(
  tx: Db,
  { set, where, action }: { set: ReturnType<typeof sql>; where: ReturnType<typeof sql>; action: string },
): Promise<number> {
  const { rows } = await tx.execute<{ workspace_id: string; id: string }>(sql`
    update campaign set ${set}, version = version + 1, updated_at = clock_timestamp()
    where ${where} returning workspace_id, id`);
  for (const { workspace_id: workspaceId, id } of rows)
    await audit(tx, systemScope(workspaceId), action, { kind: "campaign", id }, { reason: "copy" });
  return rows.length;
}
