import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";

/** Where a campaign's tracked links lead, by position. */
export type FrozenLinks = ReadonlyMap<number, string>;

/** A link table never changes once it is frozen, so it may stay in memory as long as there is room. */
const kept = new Map<string, FrozenLinks>();
const mostKept = 500;

/** The frozen link tables of campaigns, keyed "workspace/campaign". A campaign without any is left out. */
export async function frozenLinks(
  db: Db,
  campaigns: Array<{ workspaceId: string; campaignId: string }>,
): Promise<Map<string, FrozenLinks>> {
  const found = new Map<string, FrozenLinks>();
  const missing = new Map<string, { workspaceId: string; campaignId: string }>();
  for (const campaign of campaigns) {
    const key = linksKey(campaign);
    const links = kept.get(key);
    if (links) found.set(key, links);
    else missing.set(key, campaign);
  }
  for (const [key, links] of await load(db, [...missing.values()])) {
    found.set(key, links);
    keep(key, links);
  }
  return found;
}

export const linksKey = (c: { workspaceId: string; campaignId: string }) => `${c.workspaceId}/${c.campaignId}`;

async function load(
  db: Db,
  campaigns: Array<{ workspaceId: string; campaignId: string }>,
): Promise<Map<string, FrozenLinks>> {
  if (campaigns.length === 0) return new Map();
  const pairs = sql.join(
    campaigns.map((c) => sql`(${c.workspaceId}::uuid, ${c.campaignId}::uuid)`),
    sql`, `,
  );
  const { rows } = await db.execute<{ workspace_id: string; campaign_id: string; position: number; url: string }>(sql`
    select workspace_id, campaign_id, position, url from link where (workspace_id, campaign_id) in (${pairs})`);
  const tables = new Map<string, Map<number, string>>();
  for (const row of rows) {
    const key = linksKey({ workspaceId: row.workspace_id, campaignId: row.campaign_id });
    const table = tables.get(key) ?? new Map<number, string>();
    const target = webAddress(row.url);
    if (target) table.set(row.position, target);
    tables.set(key, table);
  }
  return tables;
}

/** As a browser would send it. Anything but http and https is not followed, whatever got it into the table. */
function webAddress(url: string): string | null {
  const parsed = URL.parse(url);
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.href : null;
}

function keep(key: string, links: FrozenLinks): void {
  const oldest = kept.keys().next();
  if (kept.size >= mostKept && !oldest.done) kept.delete(oldest.value);
  kept.set(key, links);
}
