import { afterAll, afterEach, beforeAll, beforeEach, onTestFailed, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import { launch } from "#lib/campaigns/launch.ts";
import { closeDb, type Db, db, type Pool, pool } from "#lib/db.ts";
import { closeQueue } from "#lib/queue.ts";
import { makeDraft, makeList, makeWorkspace } from "#tests/support/campaign-fixtures.ts";
import { type JournalSmtp, startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import type { Rule } from "#tests/support/journal-smtp-rules.ts";
import { type Stack, type StackProcess, startStack } from "#tests/support/stack.ts";
import { type Judged, judge } from "./judge.ts";
import { waitUntil } from "./wait-until.ts";

/** Full length is what docs promise; the short one is part of every `npm test`. */
export const isShort = process.env.FAULTS !== "full";
/** A test of the full length only. It is left out of the short one, not skipped: nothing is missing there. */
export const inFull: (name: string, body: () => Promise<void>) => void = isShort ? () => {} : test;
export const people = isShort ? 3000 : 5000;
export const connections = 10;
export const leaseSeconds = 3;
/** Connections of one worker (DATA: one body each) and two settle groups: the most a killed worker may send twice. */
export const duplicateBound = connections + 2 * 100;
/** Everything goes on by itself within this after a fault has ended. */
export const goesOnWithinMs = 45_000;

const settings = {
  DELIVERY_LEASE_SECONDS: String(leaseSeconds),
  DELIVERY_RETRY_SECONDS: "1,1,2",
  CAMPAIGN_UNDO_SECONDS: "0",
  PUBLIC_URL: "https://news.example.com",
  LOG_LEVEL: "warn",
};

/** One database with everything in it that faults are inflicted on; a file of tests has one. */
export interface Arena {
  db: Db;
  pool: Pool;
  databaseUrl: string;
  /** Starts a worker process; its database connections carry its name. */
  startWorker(name: string, databaseUrl?: string): Promise<StackProcess>;
  /** What the processes said, for a test that failed. */
  output(): string;
  close(): Promise<void>;
}

async function openArena(): Promise<Arena> {
  const stack: Stack = await startStack({ web: false, inbox: false, workers: 0, env: settings });
  Object.assign(process.env, settings, {
    DATABASE_URL: stack.databaseUrl,
    POSTHORN_SECRET: stack.env.POSTHORN_SECRET,
  });
  return {
    db: db(),
    pool: pool(),
    databaseUrl: stack.databaseUrl,
    startWorker(name, databaseUrl = stack.databaseUrl) {
      const url = new URL(databaseUrl);
      url.searchParams.set("application_name", name);
      return stack.spawnWorker({ DATABASE_URL: url.href });
    },
    output: stack.output,
    async close() {
      await closeQueue();
      await closeDb();
      await stack.stop();
    },
  };
}

/** One campaign to many people through one scripted server. */
export interface Run {
  scope: Scope;
  campaignId: string;
  listId: string;
  senderId: string;
  journal: JournalSmtp;
  launch(): Promise<void>;
  status(): Promise<string>;
  /** Waits for the campaign's end and has the journal judge what came of it. */
  finished(deadlineMs?: number): Promise<Judged>;
  judge(): Promise<Judged>;
  close(): Promise<void>;
}

export interface RunOptions {
  people?: number;
  rules?: Rule[];
  policy?: "resend" | "hold";
  /** Command line flags of the journal server. */
  flags?: string[];
}

async function startRun(arena: Arena, options: RunOptions = {}): Promise<Run> {
  const count = options.people ?? people;
  const journal = await startJournalSmtp({ rules: options.rules ?? [], flags: options.flags ?? [] });
  const scope = await makeWorkspace(arena.pool);
  const listId = await makeList(arena.pool, scope, count);
  const { rows } = await arena.pool.query(
    `insert into sender (workspace_id, name, kind, host, port, tls_mode, connections, messages_per_connection, is_default)
     values ($1, 'journal', 'smtp', '127.0.0.1', $2, 'none', $3, 1000, true) returning id`,
    [scope.workspaceId, journal.port, connections],
  );
  await arena.pool.query("analyze subscriber, subscription");
  const draft = await makeDraft(arena.db, scope, listId);
  await arena.pool.query("update campaign set in_doubt_policy = $2 where id = $1", [
    draft.id,
    options.policy ?? "resend",
  ]);
  const status = async () =>
    (await arena.pool.query("select status from campaign where id = $1", [draft.id])).rows[0]?.status as string;
  const judgeNow = () => judge(arena.db, scope.workspaceId, draft.id, journal);
  return {
    scope,
    campaignId: draft.id,
    listId,
    senderId: rows[0].id,
    journal,
    status,
    judge: judgeNow,
    async launch() {
      await launch(arena.db, scope, {
        campaignId: draft.id,
        version: draft.version,
        when: { kind: "now" },
        confirmedCount: count,
        acceptPlainHttp: true,
      });
    },
    async finished(deadlineMs = goesOnWithinMs) {
      await waitUntil("the campaign is finished", async () => (await status()) === "finished", deadlineMs);
      return judgeNow();
    },
    async close() {
      // What a failed test left must not be picked up by the next one's workers.
      await arena.pool.query("update campaign set status = 'cancelled' where id = $1 and status <> 'finished'", [
        draft.id,
      ]);
      await journal.stop();
    },
  };
}

/**
 * The frame of a file of fault tests: an arena for the file, and for each test its runs and workers, ended whatever
 * becomes of it. When a test fails, the last words of its processes are shown.
 */
export function inArena(): {
  arena(): Arena;
  run(options?: RunOptions): Promise<Run>;
  workers(...names: string[]): Promise<StackProcess[]>;
} {
  let opened: Arena | undefined;
  let runs: Run[] = [];
  let workers: StackProcess[] = [];
  const arena = () => {
    if (!opened) throw new Error("the arena opens before the first test");
    return opened;
  };
  beforeAll(async () => {
    opened = await openArena();
  });
  afterAll(async () => opened?.close());
  beforeEach(() => {
    onTestFailed(() => console.log(arena().output().slice(-4000)));
  });
  afterEach(async () => {
    await Promise.all(runs.map((run) => run.close()));
    await Promise.all(workers.map(kill));
    runs = [];
    workers = [];
  });
  return {
    arena,
    async run(options) {
      const run = await startRun(arena(), options);
      runs.push(run);
      return run;
    },
    async workers(...names) {
      const started = await Promise.all(names.map((name) => arena().startWorker(name)));
      workers.push(...started);
      return started;
    },
  };
}

/** How many messages the journal has accepted, without reading it. */
export async function acceptedCount(run: Run): Promise<number> {
  return (await run.journal.counters()).accepted ?? 0;
}

/** Ends without any warning, and waits until it is gone. */
export async function kill(worker: StackProcess): Promise<void> {
  worker.signal("SIGKILL");
  await worker.exited;
}
