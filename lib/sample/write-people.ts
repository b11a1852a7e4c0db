import { sql } from "drizzle-orm";
import { addressKey } from "../audience/address.ts";
import type { Db } from "../db.ts";
import { newId } from "../ids.ts";
import type { SampleList, SamplePerson } from "./people.ts";

const dayMs = 86_400_000;

/**
 * Writes people as of the day they joined, with their standings and the proof of each: first the yes, and for those
 * who are not subscribed any more, what came after. One statement per table, whatever their number.
 */
export async function writePeople(
  tx: Db,
  workspaceId: string,
  lists: Record<SampleList, string>,
  people: readonly SamplePerson[],
  now: Date,
): Promise<void> {
  const rows = people.map((person) => ({ ...person, id: newId(), joinedAt: ago(now, person.joinedDaysAgo) }));
  await tx.execute(sql`
    insert into subscriber
      (workspace_id, id, email, email_key, first_name, last_name, fields, source, created_at, updated_at)
    select ${workspaceId}::uuid, p.id, p.email, p.email_key, p.first_name, p.last_name, p.fields, 'sample', p.at, p.at
    from jsonb_to_recordset(${json(
      rows.map((row) => ({
        id: row.id,
        email: row.email,
        email_key: addressKey(row.email),
        first_name: row.firstName,
        last_name: row.lastName,
        fields: row.fields,
        at: row.joinedAt,
      })),
    )}::jsonb) as p (id uuid, email text, email_key text, first_name text, last_name text, fields jsonb, at timestamptz)`);

  const standings = rows.flatMap((row) =>
    Object.entries(row.standings).map(([list, status]) => ({
      list_id: lists[list as SampleList],
      subscriber_id: row.id,
      status,
      wording: row.wording,
      joined_at: row.joinedAt,
      // What ended a subscription happened somewhere on the way to today.
      changed_at: status === "subscribed" ? row.joinedAt : ago(now, row.joinedDaysAgo * 0.6),
    })),
  );
  const given = sql`jsonb_to_recordset(${json(standings)}::jsonb) as s (
    list_id uuid, subscriber_id uuid, status text, wording text, joined_at timestamptz, changed_at timestamptz)`;
  await tx.execute(sql`
    insert into subscription (workspace_id, list_id, subscriber_id, status, created_at, changed_at)
    select ${workspaceId}::uuid, list_id, subscriber_id, status, joined_at, changed_at from ${given}`);
  await tx.execute(sql`
    insert into consent (workspace_id, id, subscriber_id, list_id, status, method, wording, at)
    select ${workspaceId}::uuid, new_id(joined_at), subscriber_id, list_id,
      case status when 'unconfirmed' then 'unconfirmed' else 'subscribed' end, 'sample', wording, joined_at
    from ${given}
    union all
    select ${workspaceId}::uuid, new_id(changed_at), subscriber_id, list_id, status,
      case status when 'unsubscribed' then 'unsubscribe_page' when 'bounced' then 'bounce' else 'complaint' end, '', changed_at
    from ${given} where status not in ('subscribed', 'unconfirmed')`);
  await tx.execute(sql`
    insert into suppression (workspace_id, email_key, reason, detail, created_at)
    select distinct on (p.email_key) ${workspaceId}::uuid, p.email_key,
      case s.status when 'bounced' then 'hard_bounce' else 'complaint' end,
      case s.status when 'bounced' then '550 5.1.1 No such user here' else '' end, s.changed_at
    from ${given} join subscriber p on p.workspace_id = ${workspaceId} and p.id = s.subscriber_id
    where s.status in ('bounced', 'complained')
    on conflict do nothing`);
}

function ago(now: Date, days: number): string {
  return new Date(now.getTime() - days * dayMs).toISOString();
}

/** JSON for jsonb_to_recordset. */
export function json(rows: unknown): string {
  return JSON.stringify(rows);
}
