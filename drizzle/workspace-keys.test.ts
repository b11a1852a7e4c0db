import { readdirSync } from "node:fs";
import path from "node:path";
import { getTableName, is } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "#tests/support/postgres.ts";

/*
 * Every table of a workspace carries workspace_id: not null, first in its primary key and first in every unique index.
 * So rows of two workspaces cannot meet in a key, and the tables can be distributed by it. What is exempt says why.
 */

const beforeWorkspaces = "people and their logins stand above workspaces: one account may be in several";
const exempt: Record<string, string> = {
  user: beforeWorkspaces,
  session: beforeWorkspaces,
  account: beforeWorkspaces,
  verification: beforeWorkspaces,
  rate_limit: "counts attempts to log in, before anybody is known to belong anywhere",
  workspace: "is the workspace; its id is the workspace_id of the others",
  instance: "one row for the whole installation",
  worker: "processes work for all workspaces",
  audit_entry: "deeds of the installation have no workspace (null), and an entry is found by its own id",
};

/** The login library finds these by their own id and knows no composite keys; workspace_id is there, and is not null. */
const keyedByLoginLibrary = ["member", "invitation"];

interface TableFacts {
  /** Null when there is no such column. */
  workspaceIdNullable: boolean | null;
  /** Columns of each key in order: the primary key and every unique index or constraint. */
  keys: Record<string, string[]>;
}

let inDatabase: Map<string, TableFacts>;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
  inDatabase = await factsOfDatabase(database.url);
});
afterAll(() => database.drop());

const inSchema = await factsOfSchema();

test("the schema and the migrated database have the same tables", () => {
  expect([...inDatabase.keys()].sort()).toEqual([...inSchema.keys()].sort());
});

test("every exemption is about a table that is there", () => {
  for (const name of [...Object.keys(exempt), ...keyedByLoginLibrary]) expect([...inSchema.keys()]).toContain(name);
});

describe.each([...inSchema.keys()].filter((name) => !(name in exempt)))("%s", (name) => {
  test("carries its workspace, in the schema and in the database", () => {
    expect(inSchema.get(name)?.workspaceIdNullable).toBe(false);
    expect(inDatabase.get(name)?.workspaceIdNullable).toBe(false);
  });
  if (keyedByLoginLibrary.includes(name)) return;
  test("has it first in every key, and has a primary key", () => {
    for (const facts of [inSchema.get(name), inDatabase.get(name)]) {
      const keys = Object.entries(facts?.keys ?? {});
      expect(keys.length).toBeGreaterThan(0);
      expect(Object.fromEntries(keys.map(([key, columns]) => [key, columns[0]]))).toEqual(
        Object.fromEntries(keys.map(([key]) => [key, "workspace_id"])),
      );
    }
  });
});

async function factsOfSchema(): Promise<Map<string, TableFacts>> {
  const files = readdirSync(path.join(import.meta.dirname, "schema"));
  const modules = await Promise.all(files.map((file) => import(`./schema/${file}`)));
  const tables = modules.flatMap((module) => Object.values(module)).filter((value) => is(value, PgTable));
  return new Map(tables.map((table) => [getTableName(table), factsOfTable(table)]));
}

function factsOfTable(table: PgTable): TableFacts {
  const { columns, primaryKeys, indexes, uniqueConstraints } = getTableConfig(table);
  const column = columns.find(({ name }) => name === "workspace_id");
  const keys: Record<string, string[]> = {};
  for (const { columns } of primaryKeys) keys.primary = columns.map(({ name }) => name);
  for (const { name, primary, isUnique } of columns) {
    if (primary) keys.primary = [name];
    if (isUnique) keys[`unique ${name}`] = [name];
  }
  for (const { columns } of uniqueConstraints) {
    const names = columns.map(({ name }) => name);
    keys[`unique ${names}`] = names;
  }
  for (const { config } of indexes) {
    if (config.unique)
      keys[config.name ?? ""] = config.columns.map((part) => ("name" in part ? String(part.name) : ""));
  }
  return { workspaceIdNullable: column ? !column.notNull : null, keys };
}

/** Of the tables in the schema "public"; partitions are their parents' affair. */
async function factsOfDatabase(url: string): Promise<Map<string, TableFacts>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{
      name: string;
      nullable: boolean | null;
      key: string | null;
      columns: string[];
    }>(`
      select c.relname as name, not w.attnotnull as nullable, i.indexrelid::regclass::text as key,
        array(select coalesce(a.attname, '(expression)') from unnest(i.indkey::int[]) with ordinality k (no, place)
          left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.no and k.no > 0
          order by k.place)::text[] as columns
      from pg_class c
      left join pg_attribute w on w.attrelid = c.oid and w.attname = 'workspace_id' and not w.attisdropped
      left join pg_index i on i.indrelid = c.oid and i.indisunique
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`);
    const facts = new Map<string, TableFacts>();
    for (const { name, nullable, key, columns } of rows) {
      const table = facts.get(name) ?? { workspaceIdNullable: nullable, keys: {} };
      if (key !== null) table.keys[key] = columns;
      facts.set(name, table);
    }
    return facts;
  } finally {
    await client.end();
  }
}
