import { and, type SQL, sql } from "drizzle-orm";
import type { SubscriptionStatus } from "#drizzle/schema/audience.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { parseAddress } from "./address.ts";
import { readFieldValue } from "./field-values.ts";
import { type Field, listFields } from "./fields.ts";
import { type SearchInput, searchInput } from "./input.ts";
import { standingsOf } from "./subscriptions.ts";

export interface FoundSubscriber {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  source: string;
  createdAt: Date;
  isSuppressed: boolean;
  lists: Array<{ listId: string; listName: string; status: SubscriptionStatus }>;
}

export interface SubscriberPage {
  rows: FoundSubscriber[];
  /** Cursor for `after` (older people), null on the last page. */
  next: string | null;
  /** Cursor for `before` (newer people), null on the first page. */
  previous: string | null;
}

const countedUpTo = 10_000;

/** Filters as an address bar has them (`list`, `import`, otherwise as in SearchInput); what makes no sense is ignored. */
export function readSearch(given: Record<string, string | string[] | undefined>): SearchInput {
  const { list: listId, import: importId, ...rest } = given;
  const search: Record<string, unknown> = {};
  for (const [key, value] of Object.entries({ ...rest, listId, importId })) {
    if (typeof value !== "string" || value === "" || key === "limit" || !(key in searchInput.shape)) continue;
    const parsed = searchInput.shape[key as keyof typeof searchInput.shape].safeParse(value);
    if (parsed.success) search[key] = parsed.data;
  }
  return search;
}

/**
 * One page of people, newest first, narrowed by what is given; both cursors are ids, so a page stays where it is while
 * people come in. A whole address is one index look-up. Any other text is looked for inside address and name, walking
 * the primary key until the page is full: 1,000,000 people without a match take about 0.6 s, which is why there is no
 * trigram index that would make every import slower.
 */
export async function searchSubscribers(db: Db, scope: Scope, given: SearchInput): Promise<SubscriberPage> {
  allow(scope, "read");
  const input = searchInput.parse(given);
  const { after, before, limit } = input;
  const backwards = before !== undefined && after === undefined;
  const cursor = after ? sql`s.id < ${after}` : before ? sql`s.id > ${before}` : undefined;
  const where = and(await conditions(db, scope, input), cursor);
  const result = await db.execute<PersonRow>(sql`
    select s.id, s.email, s.first_name, s.last_name, s.source, s.created_at,
      exists (select from suppression x where x.workspace_id = s.workspace_id and x.email_key = s.email_key) as is_suppressed
    ${from(scope, input)} where ${where}
    order by s.id ${backwards ? sql`asc` : sql`desc`} limit ${limit + 1}`);
  const more = result.rows.length > limit;
  const rows = result.rows.slice(0, limit);
  if (backwards) rows.reverse();
  const lists = await standingsOf(
    db,
    scope,
    rows.map((row) => row.id),
  );
  const hasNewer = backwards ? more : after !== undefined;
  const hasOlder = backwards ? true : more;
  return {
    rows: rows.map((row) => ({
      id: row.id,
      email: row.email,
      firstName: row.first_name,
      lastName: row.last_name,
      source: row.source,
      createdAt: new Date(row.created_at),
      isSuppressed: row.is_suppressed,
      lists: lists.get(row.id) ?? [],
    })),
    next: hasOlder ? (rows.at(-1)?.id ?? null) : null,
    previous: hasNewer ? (rows[0]?.id ?? null) : null,
  };
}

/** How many people the filters leave, counted up to 10,000: `atLeast` says there are more. */
export async function countSubscribers(
  db: Db,
  scope: Scope,
  given: SearchInput,
): Promise<{ people: number; atLeast: boolean }> {
  allow(scope, "read");
  const input = searchInput.parse(given);
  const result = await db.execute<{ people: number }>(sql`
    select count(*)::int as people from (
      select 1 ${from(scope, input)} where ${await conditions(db, scope, input)} limit ${countedUpTo + 1}
    ) counted`);
  const people = result.rows[0]?.people ?? 0;
  return { people: Math.min(people, countedUpTo), atLeast: people > countedUpTo };
}

interface PersonRow extends Record<string, unknown> {
  id: string;
  email: string;
  first_name: string;
  last_name: string;
  source: string;
  created_at: string;
  is_suppressed: boolean;
}

type Parsed = ReturnType<typeof searchInput.parse>;

// With a list, the walk goes along that list's primary key and not over everybody.
function from(scope: Scope, { listId }: Parsed): SQL {
  if (!listId) return sql`from subscriber s`;
  return sql`from subscription n join subscriber s on s.workspace_id = ${scope.workspaceId} and s.id = n.subscriber_id`;
}

async function conditions(db: Db, scope: Scope, input: Parsed): Promise<SQL | undefined> {
  return and(
    sql`s.workspace_id = ${scope.workspaceId}`,
    input.listId ? sql`n.workspace_id = ${scope.workspaceId} and n.list_id = ${input.listId}` : undefined,
    input.status ? ofStatus(input.status, input.listId) : undefined,
    input.source ? sql`s.source = ${input.source}` : undefined,
    input.importId ? sql`s.import_id = ${input.importId}` : undefined,
    input.q ? matching(input.q) : undefined,
    input.field && input.value !== undefined && input.value !== ""
      ? ofField(await listFields(db, scope), input.field, input.value)
      : undefined,
  );
}

function ofStatus(status: NonNullable<Parsed["status"]>, listId: string | undefined): SQL {
  const standing = sql`from subscription z where z.workspace_id = s.workspace_id and z.subscriber_id = s.id`;
  switch (status) {
    case "suppressed":
      return sql`exists (select from suppression y where y.workspace_id = s.workspace_id and y.email_key = s.email_key)`;
    case "no_list":
      return sql`not exists (select ${standing})`;
    default:
      return listId ? sql`n.status = ${status}` : sql`exists (select ${standing} and z.status = ${status})`;
  }
}

function matching(text: string): SQL {
  const parsed = parseAddress(text);
  if (parsed.ok) return sql`s.email_key = ${parsed.key}`;
  const needle = text.normalize("NFC").toLowerCase();
  return sql`(strpos(s.email_key, ${needle}) > 0 or strpos(lower(s.first_name || ' ' || s.last_name), ${needle}) > 0)`;
}

// Only keys of the registry become JSON paths; the value is compared as the field's own type.
function ofField(registry: readonly Field[], key: string, text: string): SQL {
  const field = registry.find((one) => one.key === key);
  if (!field) return sql`true`;
  if (field.type === "text") return sql`lower(s.fields ->> ${key}) = lower(${text.trim()})`;
  const value = readFieldValue(field.type, text);
  if (value === undefined || value === null) return sql`false`;
  return sql`s.fields -> ${key} = ${JSON.stringify(value)}::jsonb`;
}
