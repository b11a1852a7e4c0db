import { sql } from "drizzle-orm";
import { parseAddress } from "../audience/address.ts";
import { suppress } from "../audience/suppression.ts";
import type { Db } from "../db.ts";

/** A mailbox that was full in so many campaigns within so many days, and took nothing meanwhile, is given up. */
const campaigns = 5;
const days = 30;

interface FullMailbox extends Record<string, unknown> {
  workspace_id: string;
  email: string;
  campaign_id: string;
  reply: string | null;
}

/**
 * Suppresses people whose mailbox was full (class soft) in five campaigns within 30 days without one mail that was
 * taken. Only who is subscribed to a list is looked at, and only what came after they were last subscribed: somebody
 * whose suppression was lifted is not suppressed again by the same old answers. Returns how many were suppressed.
 *
 * Reads the soft answers of the last month's campaigns by attempt_notable, then looks up the few people with enough of
 * them; runs once a night.
 */
export async function suppressFullMailboxes(db: Db): Promise<number> {
  const { rows } = await db.execute<FullMailbox>(sql`
    with recent as (
      select workspace_id, id, date_trunc('month', launched_at at time zone 'UTC')::date as launch_month
      from campaign where launched_at > now() - make_interval(days => ${days})
    ),
    full_in as (
      select distinct on (m.workspace_id, m.subscriber_id, r.id)
        m.workspace_id, m.subscriber_id, m.email, r.id as campaign_id, a.settled_at, a.reply
      from recent r
      join attempt a on a.workspace_id = r.workspace_id and a.source_id = r.id and a.launch_month = r.launch_month
        and a.state in ('deferred', 'failed') and a.class = 'soft'
      join message m on m.workspace_id = a.workspace_id and m.launch_month = a.launch_month and m.id = a.message_id
      where m.subscriber_id is not null
      order by m.workspace_id, m.subscriber_id, r.id, a.settled_at desc
    ),
    counted as (
      select f.*, count(*) over person as campaigns, row_number() over (person order by f.settled_at desc) as newest
      from full_in f
      where f.settled_at > coalesce((
        select max(c.at) from consent c
        where c.workspace_id = f.workspace_id and c.subscriber_id = f.subscriber_id and c.status = 'subscribed'), '-infinity')
      window person as (partition by f.workspace_id, f.subscriber_id)
    )
    select k.workspace_id, s.email, k.campaign_id, k.reply
    from counted k
    join subscriber s on s.workspace_id = k.workspace_id and s.id = k.subscriber_id
    where k.newest = 1 and k.campaigns >= ${campaigns}
      and exists (select from subscription p
        where p.workspace_id = k.workspace_id and p.subscriber_id = k.subscriber_id and p.status = 'subscribed')
      and not exists (
        select from recent r
        join message m on m.workspace_id = r.workspace_id and m.launch_month = r.launch_month and m.source_id = r.id
        join attempt a on a.workspace_id = m.workspace_id and a.launch_month = m.launch_month and a.message_id = m.id
          and a.state = 'sent'
        where m.workspace_id = k.workspace_id and m.subscriber_id = k.subscriber_id)`);
  let suppressed = 0;
  for (const { workspace_id: workspaceId, email, campaign_id: campaignId, reply } of rows) {
    if (!parseAddress(email).ok) continue;
    const detail = `The mailbox was full in ${campaigns} campaigns within ${days} days. ${reply ?? ""}`.trim();
    await db.transaction((tx) => suppress(tx, { workspaceId }, { email, reason: "hard_bounce", detail, campaignId }));
    suppressed++;
  }
  return suppressed;
}
