import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Scope } from "#lib/auth/scope.ts";
import { createCampaign, saveDraft } from "#lib/campaigns/drafts.ts";
import { getCampaign } from "#lib/campaigns/find.ts";
import type { DraftPatch } from "#lib/campaigns/input.ts";
import { closeDb, type Db, db, type Pool, pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { closeQueue } from "#lib/queue.ts";
import { createTestDatabase } from "./postgres.ts";

/**
 * A database and a data folder of its own that are also the process's: what lib queues goes there too. Call it before
 * anything reads the settings.
 */
export async function useTestDatabase(): Promise<{ db: Db; pool: Pool; close(): Promise<void> }> {
  const database = await createTestDatabase();
  process.env.DATABASE_URL = database.url;
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), "posthorn-test-data-"));
  process.env.POSTHORN_DATA_DIR = dataFolder;
  process.env.POSTHORN_SECRET ??= "test-secret-test-secret-test-secret-test";
  const close = async () => {
    await closeQueue();
    await closeDb();
    await database.drop();
    rmSync(dataFolder, { recursive: true, force: true });
  };
  return { db: db(), pool: pool(), close };
}

/** A workspace with a postal address, and the scope of its owner. */
export async function makeWorkspace(
  pool: Pool,
  changes: { isSample?: boolean; postalAddress?: string } = {},
): Promise<Scope> {
  const id = newId();
  await pool.query(
    "insert into workspace (id, name, slug, is_sample, postal_address) values ($1, 'Acme', $2, $3, $4)",
    [id, id, changes.isSample ?? false, changes.postalAddress ?? "1 Harbour Street, 20457 Hamburg"],
  );
  return { workspaceId: id, role: "owner", userId: null };
}

/** A list with `count` people subscribed to it, written set-based, so that a million take seconds. */
export async function makeList(pool: Pool, scope: Scope, count: number, name = `List ${newId()}`): Promise<string> {
  const listId = newId();
  await pool.query("insert into list (workspace_id, id, name) values ($1, $2, $3)", [scope.workspaceId, listId, name]);
  await pool.query(
    `with people as (
       insert into subscriber (workspace_id, id, email, email_key, source)
       select $1, new_id(now() - make_interval(secs => n)), address, address, 'import'
       from (select n, $3 || n || '@example.com' as address from generate_series(1, $4::int) n) numbered
       returning id)
     insert into subscription (workspace_id, list_id, subscriber_id, status)
     select $1, $2, id, 'subscribed' from people`,
    [scope.workspaceId, listId, `p${listId.slice(-6)}-`, count],
  );
  return listId;
}

/** Content that may be sent: greeting, unsubscribe link and postal address. */
export const soundMjml = `<mjml><mj-body><mj-section><mj-column>
  <mj-text>Hello {{ subscriber.first_name | default: "there" }}, see <a href="https://example.com/news">the news</a>.</mj-text>
  <mj-text>{{ workspace.postal_address }} <a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text>
</mj-column></mj-section></mj-body></mjml>`;

/** A draft that only waits to be launched, to the given list. */
export async function makeDraft(
  db: Db,
  scope: Scope,
  listId: string | null,
  patch: DraftPatch = {},
): Promise<{ id: string; version: number }> {
  const id = await createCampaign(db, scope, { name: "Spring", from: { kind: "starter", starterId: "letter" } });
  const { version } = await saveDraft(db, scope, {
    campaignId: id,
    version: (await getCampaign(db, scope, id)).version,
    patch: {
      subject: "What is new this spring",
      preheader: "Three things, in a minute",
      fromName: "Acme",
      fromEmail: "news@example.com",
      content: { kind: "mjml", v: 1, source: soundMjml },
      lists: { include: listId ? [listId] : [], exclude: [] },
      ...patch,
    },
  });
  return { id, version };
}

/** What a refused promise is refused with. */
export async function refusalCode(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
    throw error;
  }
  throw new Error("was not refused");
}
