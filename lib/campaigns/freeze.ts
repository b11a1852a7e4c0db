import { and, eq, type SQL, sql } from "drizzle-orm";
import { campaign } from "#drizzle/schema/campaigns.ts";
import { recipientsPage } from "../audience/audience-query.ts";
import { systemScope } from "../auth/scope.ts";
import { type Db, endWhenAbandoned } from "../db.ts";
import { monthOf } from "../ids.ts";
import { enqueue } from "../queue.ts";
import { type CampaignDetail, getCampaign } from "./find.ts";

/** Messages of one chunk: what a sending worker leases at once. */
export const chunkSize = 500;
/** People of one page. A multiple of chunkSize, so that only a campaign's last chunk is small. */
export const freezePageSize = 20_000;

export type FreezeOutcome =
  | "frozen"
  /** Paused, cancelled or frozen already: nothing to do here. */
  | "stopped"
  /** Another worker is writing a page of it at this moment. */
  | "busy"
  /** Asked to stop between two pages; goes on where it was. */
  | "interrupted";

/**
 * Writes one message row per person of a campaign's audience, page by page in the order of subscribers. Each page is
 * one transaction that inserts its rows and chunks and moves the cursor, so a killed worker goes on with the next page
 * and nobody stands in two. After the last page the campaign is `sending`; before that nobody claims its chunks.
 * Measured: 1,000,000 people in 11.6 s on two cores shared with the database.
 */
export async function freezeCampaign(
  db: Db,
  workspaceId: string,
  campaignId: string,
  options: { signal?: AbortSignal; pageSize?: number } = {},
): Promise<FreezeOutcome> {
  const frozen = await getCampaign(db, systemScope(workspaceId), campaignId);
  if (frozen.status !== "freezing" || !frozen.launchedAt) return "stopped";
  // Made ahead of the rows and outside their transactions: making a partition locks the whole table.
  await db.execute(sql`select ensure_month_partitions(${frozen.launchedAt.toISOString()}::timestamptz)`);
  for (;;) {
    if (options.signal?.aborted) return "interrupted";
    const step = await freezePage(db, workspaceId, frozen, options.pageSize ?? freezePageSize);
    if (step !== "more") return step;
  }
}

async function freezePage(
  db: Db,
  workspaceId: string,
  frozen: CampaignDetail,
  pageSize: number,
): Promise<FreezeOutcome | "more"> {
  return db.transaction(async (tx) => {
    const mine = and(eq(campaign.workspaceId, workspaceId), eq(campaign.id, frozen.id));
    const [current] = await tx
      .select({
        status: campaign.status,
        cursor: campaign.freezeCursor,
        launchedAt: campaign.launchedAt,
        abandoned: endWhenAbandoned,
      })
      .from(campaign)
      .where(mine)
      .for("update", { skipLocked: true });
    if (!current) return "busy";
    if (current.status !== "freezing" || current.launchedAt === null) return "stopped";

    const { cursor, launchedAt } = current;
    const freezeCursor = await insertPage(tx, workspaceId, frozen, { cursor, launchedAt, pageSize });
    if (freezeCursor !== null) {
      await tx.update(campaign).set({ freezeCursor, updatedAt: sql`clock_timestamp()` }).where(mine);
      return "more";
    }
    await tx
      .update(campaign)
      .set({
        status: "sending",
        frozenAt: sql`clock_timestamp()`,
        frozenCount: await countMessages(tx, workspaceId, frozen.id, launchedAt),
        updatedAt: sql`clock_timestamp()`,
      })
      .where(mine);
    await enqueue(tx, "delivery.wake", {});
    return "frozen";
  });
}

/**
 * Inserts the next page of people after the cursor with their chunks. The unique index message_person backs what the
 * cursor promises: a person who is there already is passed over, and chunks count only rows that were written.
 * The first people of the audience, as many as the canary takes, get chunks of their own; all others are held back
 * (lib/delivery/canary.ts). Returns the last person of the page, or null at the end of the audience.
 */
async function insertPage(
  tx: Db,
  workspaceId: string,
  frozen: CampaignDetail,
  at: { cursor: string | null; launchedAt: Date; pageSize: number },
): Promise<string | null> {
  const launchedAt = sql`${at.launchedAt.toISOString()}::timestamptz`;
  const month = sql`${monthOf(at.launchedAt)}::date`;
  const { rows } = await tx.execute<{ last_id: string }>(sql`
    with page as materialized (
      select p.id, p.email, (row_number() over (order by p.id) - 1)::int as position
      from (${recipientsPage(workspaceId, frozen, { after: at.cursor, limit: at.pageSize })}) p
    ), next_chunk as (
      -- first: how many of this page's people still belong to the canary. Their last chunk is not filled up with others.
      select coalesce(max(no) + 1, 0) as no,
        greatest(0, ${frozen.canaryCount ?? 0}::int - coalesce(sum(total), 0))::int as first
      from chunk where workspace_id = ${workspaceId} and source_id = ${frozen.id}
    ), placed as (
      select page.id, page.email, next_chunk.first > page.position as is_canary, next_chunk.no + case
        when page.position < next_chunk.first then page.position / ${chunkSize}::int
        else (next_chunk.first + ${chunkSize - 1}::int) / ${chunkSize}::int
          + (page.position - next_chunk.first) / ${chunkSize}::int
        end as chunk
      from page, next_chunk
    ), written as (
      insert into message (workspace_id, launch_month, id, source_kind, source_id, variant_id, subscriber_id, email, chunk)
      select ${workspaceId}, ${month}, ${messageId(launchedAt, sql`placed.chunk`)}, 'campaign', ${frozen.id}, ${frozen.variantId},
        placed.id, placed.email, placed.chunk
      from placed
      on conflict (workspace_id, launch_month, source_id, subscriber_id) do nothing
      returning chunk
    ), chunks as (
      insert into chunk (workspace_id, source_id, no, launch_month, total, due_at)
      select ${workspaceId}, ${frozen.id}, written.chunk, ${month}, count(*),
        case when ${frozen.canaryCount !== null} and not placed.is_canary then 'infinity' else now() end
      from written join (select distinct chunk, is_canary from placed) placed using (chunk)
      group by written.chunk, placed.is_canary
    )
    select id as last_id from page order by id desc limit 1`);
  return rows[0]?.last_id ?? null;
}

/**
 * A UUIDv7 (RFC 9562, 6.2 method 1) of the launch's instant with the number of the chunk as its counter, and 48 random
 * bits. Ids in the order in which rows are written keep every index at its right edge, here and for the attempts that
 * come: 1,000,000 people in 11.6 s, where ids at random took 15.6.
 */
function messageId(at: SQL, chunk: SQL): SQL {
  const upper = sql`((extract(epoch from ${at}) * 1000)::bigint << 16) | x'7000'::int | ((${chunk} >> 14) & x'fff'::int)`;
  const variant = sql`substring(int8send(x'8000000000000000'::bigint | ((${chunk} & x'3fff'::int)::bigint << 48)) for 2)`;
  // Nobody who knows some of them can tell others.
  const random = sql`substring(uuid_send(gen_random_uuid()) from 11)`;
  return sql`encode(int8send(${upper}) || ${variant} || ${random}, 'hex')::uuid`;
}

async function countMessages(tx: Db, workspaceId: string, campaignId: string, launchedAt: Date): Promise<number> {
  const { rows } = await tx.execute<{ count: number }>(sql`
    select count(*)::int as count from message
    where workspace_id = ${workspaceId} and launch_month = ${monthOf(launchedAt)} and source_id = ${campaignId}`);
  return rows[0]?.count ?? 0;
}
