import type { Scope } from "#lib/auth/scope.ts";
import type { Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";

/** The instant all hand-made report data hangs on; 10:30 in Hamburg. */
export const launchedAt = new Date("2026-03-10T09:30:00Z");
const launchMonth = "2026-03-01";

export interface ToldPerson {
  /** Local part of the address, and the first name. */
  name: string;
  /** "sent", or "failed hard", "skipped unsubscribed", … one per attempt, oldest first; none = pending. */
  attempts?: readonly string[];
  /** "human open 5" = so many minutes after the launch; "machine click 7 link 2"; "unsubscribe 9". */
  did?: readonly string[];
  /** "complaint abuse", "bounce hard": what came back, in this order. */
  cameBack?: readonly string[];
}

/** Minutes after the launch. */
export const minutes = (count: number) => new Date(launchedAt.getTime() + count * 60_000);

/**
 * Writes a launched campaign row by row: one message, its attempts, its events and its first touch per person, and one
 * chunk whose rollup is counted here, in the test's own words.
 */
export async function tellCampaign(
  pool: Pool,
  { workspaceId }: Scope,
  people: readonly ToldPerson[],
  options: { name?: string; links?: readonly string[]; status?: string } = {},
): Promise<string> {
  const [campaignId, variantId] = [newId(), newId()];
  await pool.query("select ensure_month_partitions($1)", [launchedAt]);
  await pool.query(
    `insert into campaign (workspace_id, id, name, status, launch_at, launched_at, frozen_at, frozen_count, excluded_counts)
     values ($1, $2, $3, $4, $5, $5, $5, $6, '{"unsubscribed": 3, "suppressed": 1, "bounced": 0}')`,
    [workspaceId, campaignId, options.name ?? "Spring", options.status ?? "sending", launchedAt, people.length],
  );
  await pool.query(
    "insert into variant (workspace_id, id, campaign_id, subject, revision_id) values ($1, $2, $3, 'Hello', $4)",
    [workspaceId, variantId, campaignId, newId()],
  );
  for (const [position, url] of (options.links ?? []).entries()) {
    await pool.query("insert into link (workspace_id, campaign_id, position, url) values ($1, $2, $3, $4)", [
      workspaceId,
      campaignId,
      position,
      url,
    ]);
  }
  const refused = { hard: 0, block: 0, content: 0 };
  const rollup: Record<string, number> = { sending: 0, sent: 0, deferred: 0, failed: 0, in_doubt: 0, skipped: 0 };
  for (const person of people) {
    const ids = { workspaceId, campaignId, messageId: newId(), subscriberId: newId() };
    const email = `${person.name}@example.com`;
    await pool.query(
      "insert into subscriber (workspace_id, id, email, email_key, first_name, source) values ($1, $2, $3, $4, $5, 'manual') on conflict do nothing",
      [workspaceId, ids.subscriberId, email, email.toLowerCase(), person.name],
    );
    await pool.query(
      `insert into message (workspace_id, launch_month, id, source_kind, source_id, variant_id, subscriber_id, email, chunk)
       values ($1, $2, $3, 'campaign', $4, $5, $6, $7, 0)`,
      [workspaceId, launchMonth, ids.messageId, campaignId, variantId, ids.subscriberId, email],
    );
    for (const [i, told] of (person.attempts ?? []).entries()) await tellAttempt(pool, ids, i + 1, told);
    for (const told of person.attempts ?? []) {
      const [state, reason] = told.split(" ");
      if (state === "failed" && reason === "hard") refused.hard++;
      if (reason === "block" || reason === "content") refused[reason]++;
    }
    const newest = person.attempts?.at(-1)?.split(" ")[0];
    if (newest) rollup[newest] = (rollup[newest] ?? 0) + 1;
    await tellDeeds(pool, ids, person.did ?? []);
    for (const [i, told] of (person.cameBack ?? []).entries())
      await pool.query(
        `insert into feedback (workspace_id, launch_month, message_id, kind, source_id, class, words, received_at)
         values ($1, $2, $3, $4, $5, $6, 'as told', $7)`,
        [workspaceId, launchMonth, ids.messageId, told.split(" ")[0], campaignId, told.split(" ")[1], minutes(60 + i)],
      );
  }
  await pool.query(
    `insert into chunk (workspace_id, source_id, no, launch_month, total, sending, sent, deferred, failed, in_doubt, skipped,
       hard, blocked, content)
     values ($1, $2, 0, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      workspaceId,
      campaignId,
      launchMonth,
      people.length,
      rollup.sending,
      rollup.sent,
      rollup.deferred,
      rollup.failed,
      rollup.in_doubt,
      rollup.skipped,
      refused.hard,
      refused.block,
      refused.content,
    ],
  );
  return campaignId;
}

interface Ids {
  workspaceId: string;
  campaignId: string;
  messageId: string;
  subscriberId: string;
}

/** "deferred greylist 12": state, class, and when it is tried again in minutes. */
async function tellAttempt(pool: Pool, ids: Ids, n: number, told: string): Promise<void> {
  const [state, reason, next] = told.split(" ");
  await pool.query(
    `insert into attempt (workspace_id, launch_month, message_id, n, source_id, chunk, state, fence, class, code, reply,
       started_at, settled_at, next_at)
     values ($1, $2, $3, $4, $5, 0, $6, 1, $7, 250, 'as told', $8, $8, $9)`,
    [
      ids.workspaceId,
      launchMonth,
      ids.messageId,
      n,
      ids.campaignId,
      state,
      reason ?? state,
      minutes(n),
      next ? minutes(Number(next)) : null,
    ],
  );
}

async function tellDeeds(pool: Pool, ids: Ids, deeds: readonly string[]): Promise<void> {
  const first: Record<string, Date> = {};
  for (const deed of deeds) {
    const words = deed.split(" ");
    const [verdict, kind] = words[0] === "unsubscribe" ? ["human", "unsubscribe"] : [words[0] ?? "", words[1] ?? ""];
    const at = minutes(Number(words[0] === "unsubscribe" ? words[1] : words[2]));
    const link = words[3] === "link" ? Number(words[4]) : null;
    await pool.query(
      `insert into event (workspace_id, received_at, kind, campaign_id, message_id, subscriber_id, link_position, verdict, verdict_reason, user_agent)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 'told', '')`,
      [ids.workspaceId, at, kind, ids.campaignId, ids.messageId, ids.subscriberId, link, verdict],
    );
    const touch = kind === "unsubscribe" ? "unsubscribed_at" : `${verdict}_${kind}_at`;
    if (!first[touch] || at < first[touch]) first[touch] = at;
  }
  if (deeds.length === 0) return;
  await pool.query(
    `insert into first_touch (workspace_id, campaign_id, subscriber_id, human_open_at, machine_open_at, human_click_at, machine_click_at, unsubscribed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ids.workspaceId,
      ids.campaignId,
      ids.subscriberId,
      first.human_open_at,
      first.machine_open_at,
      first.human_click_at,
      first.machine_click_at,
      first.unsubscribed_at,
    ],
  );
}
