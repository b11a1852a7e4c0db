import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkLater, getImport, runLater } from "#lib/audience/import/imports.ts";
import { uploadImport } from "#lib/audience/import/upload.ts";
import { countLogin, forgetLogin } from "#lib/auth/login-limits.ts";
import type { Scope } from "#lib/auth/scope.ts";
import { launch } from "#lib/campaigns/launch.ts";
import { closeDb, type Db, db, type Pool, pool } from "#lib/db.ts";
import { stateCounts } from "#lib/delivery/counts.ts";
import { closeQueue } from "#lib/queue.ts";
import { verifyCounts } from "#lib/reports/verify.ts";
import { localStorage } from "#lib/storage.ts";
import { makeDraft, makeList, makeWorkspace, refusalCode } from "#tests/support/campaign-fixtures.ts";
import { type JournalSmtp, startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import { findPgBouncer, type PgBouncer, startPgBouncer } from "#tests/support/pgbouncer.ts";
import { type Stack, startStack } from "#tests/support/stack.ts";
import { waitUntil } from "../faults/wait-until.ts";

const program = findPgBouncer();
if (!program) console.warn("PgBouncer cannot be had here (apt-get download pgbouncer), so its tests are skipped.");
const settings = { PUBLIC_URL: "https://news.example.com", LOG_LEVEL: "warn", CAMPAIGN_UNDO_SECONDS: "0" };

/** This process does what the web process does; a real worker does the rest. Both reach the database through the pooler. */
describe.skipIf(!program)("through PgBouncer in transaction mode", () => {
  let stack: Stack;
  let bouncer: PgBouncer;
  let journal: JournalSmtp;
  let scope: Scope;
  let web: Db;
  let webPool: Pool;

  beforeAll(async () => {
    stack = await startStack({ web: false, inbox: false, workers: 0, env: settings });
    if (!program) return;
    bouncer = await startPgBouncer(program, stack.databaseUrl);
    const through = { DATABASE_URL: bouncer.url, DATABASE_DIRECT_URL: stack.databaseUrl };
    const { POSTHORN_SECRET, POSTHORN_DATA_DIR } = stack.env;
    Object.assign(process.env, settings, through, { POSTHORN_SECRET, POSTHORN_DATA_DIR });
    [web, webPool] = [db(), pool()];
    await Promise.all([stack.spawnWorker(through), stack.spawnWorker(through)]);
    journal = await startJournalSmtp({ rules: [] });
    scope = await makeWorkspace(webPool);
    await webPool.query(
      `insert into sender (workspace_id, name, kind, host, port, tls_mode, connections, is_default)
       values ($1, 'journal', 'smtp', '127.0.0.1', $2, 'none', 4, true)`,
      [scope.workspaceId, journal.port],
    );
  });
  afterAll(async () => {
    await closeQueue();
    await closeDb();
    await Promise.all(stack.workers.map((worker) => worker.stop()));
    await journal?.stop();
    await bouncer?.stop();
    await stack.stop();
  });

  test("a launched campaign is frozen, sent by two workers and finished, to everybody once", async () => {
    const people = 2600;
    const draft = await makeDraft(web, scope, await makeList(webPool, scope, people));
    const when = { kind: "now" } as const;
    const input = { campaignId: draft.id, version: draft.version, when, confirmedCount: people, acceptPlainHttp: true };
    await launch(web, scope, input);
    await waitUntil("it is finished", async () => {
      const { rows } = await webPool.query("select status from campaign where id = $1", [draft.id]);
      return rows[0].status === "finished";
    });
    expect((await stateCounts(web, scope.workspaceId, draft.id)).sent).toBe(people);
    const accepted = await journal.accepted();
    expect(accepted).toHaveLength(people);
    expect(new Set(accepted.map(({ to }) => to)).size).toBe(people);
    expect((await verifyCounts(web)).differences).toEqual([]);
    expect(stack.output()).not.toMatch(/prepared statement/);
  }, 60_000);

  test("failed logins are counted and forgotten, many at once", async () => {
    const address = "203.0.113.9";
    await Promise.all(Array.from({ length: 12 }, (_, i) => countLogin(webPool, `p${i}@example.com`, address)));
    for (let i = 0; i < 8; i++) await countLogin(webPool, "eva@example.com", "203.0.113.10").catch(() => undefined);
    expect(await refusalCode(countLogin(webPool, "eva@example.com", "203.0.113.10"))).toBe("auth.too_many_attempts");
    await forgetLogin(webPool, "eva@example.com", "203.0.113.10");
    await countLogin(webPool, "eva@example.com", "203.0.113.10");
  });

  test("an import is checked and written, and leaves no lock behind that another would wait for", async () => {
    const storage = localStorage(path.join(stack.env.POSTHORN_DATA_DIR ?? "", "files"));
    const lines = Array.from({ length: 3000 }, (_, i) => `imported${i}@example.com,Ann ${i}\n`);
    const content = Readable.from([Buffer.from(`email,name\n${lines.join("")}`)]);
    const { id } = await uploadImport(web, scope, storage, { fileName: "people.csv", content, maxBytes: 2 ** 20 });
    const listId = await makeList(webPool, scope, 0);
    const status = async () => (await getImport(web, scope, id)).status;
    await checkLater(web, scope, {
      id,
      mapping: ["email", "full_name"],
      listIds: [listId],
      consentBasis: "They asked for it at our stand.",
      confirmed: true,
      updateExisting: "overwrite",
      dateOrder: "dmy",
    });
    await waitUntil("it is checked", async () => (await status()) === "checked");
    await runLater(web, scope, id);
    await waitUntil("it is done", async () => (await status()) === "done");
    const { rows } = await webPool.query("select count(*)::int as people from subscriber where email like 'imported%'");
    expect(rows[0].people).toBe(3000);
    await waitUntil(
      "no session holds a lock on it",
      async () => {
        const locks = await webPool.query(
          `select 1 from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock'
           and database = (select oid from pg_database where datname = current_database())`,
        );
        return locks.rows.length === 0;
      },
      10_000,
    );
  }, 60_000);
});
