import { afterAll, afterEach, beforeAll, beforeEach, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import type { DraftPatch } from "#lib/campaigns/input.ts";
import { launch } from "#lib/campaigns/launch.ts";
import { closeDb, type Db, db, type Pool, pool } from "#lib/db.ts";
import { closeQueue } from "#lib/queue.ts";
import { seal } from "#lib/secrets.ts";
import { passwordContext } from "#lib/senders/resolve.ts";
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
export const people = isShort ? 1500 : 5000;
export const connections = 10;
export const leaseSeconds = 3;
/** Connections of one worker (DATA: one body each) and two settle groups: the most a killed worker may send twice. */
export const duplicateBound = connections + 2 * 100;
/** Everything goes on by itself within this after a fault has ended. */
export const goesOnWithinMs = 45_000;

/** The servers that a dialogue is tried on: one that takes commands ahead, which our own wire speaks to, and one that does not. */
export const wires = [
  { wire: "with pipelining", flags: [] as string[] },
  { wire: "without pipelining", flags: ["--no-pipelining"] },
];

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
  startWorker(name: string, databaseUrl?: string, env?: Record<string, string>): Promise<StackProcess>;
  /** What the processes said, for a test that failed. */
  output(): string;
  close(): Promise<void>;
}

async function openArena(env: Record<string, string>): Promise<Arena> {
  const stack: Stack = await startStack({ web: false, inbox: false, workers: 0, env: { ...settings, ...env } });
  Object.assign(process.env, settings, env, {
    DATABASE_URL: stack.databaseUrl,
    POSTHORN_SECRET: stack.env.POSTHORN_SECRET,
    POSTHORN_DATA_DIR: stack.env.POSTHORN_DATA_DIR,
  });
  return {
    db: db(),
    pool: pool(),
    databaseUrl: stack.databaseUrl,
    startWorker(name, databaseUrl = stack.databaseUrl, more = {}) {
      const url = new URL(databaseUrl);
      url.searchParams.set("application_name", name);
      return stack.spawnWorker({ DATABASE_URL: url.href, ...more });
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
  /** Changes columns of the sender, as a person would on its page. */
  changeSender(columns: SenderChanges): Promise<void>;
  /** Waits for the campaign's end and has the journal judge what came of it. */
  finished(deadlineMs?: number): Promise<Judged>;
  judge(): Promise<Judged>;
  close(): Promise<void>;
}

type SenderChanges = Partial<{
  tls_mode: "none" | "starttls" | "implicit";
  verify_certificate: boolean;
  connections: number;
  messages_per_connection: number;
  rate_per_second: number;
  username: string;
  /** In the clear; it is sealed on the way. */
  password: string;
}>;

export interface RunOptions {
  people?: number;
  rules?: Rule[];
  policy?: "resend" | "hold";
  /** Command line flags of the journal server. */
  flags?: string[];
  sender?: SenderChanges;
  /** What the draft says instead of the usual. */
  draft?: DraftPatch;
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
  const senderId = rows[0].id as string;
  const changeSender = async ({ password, ...columns }: SenderChanges) => {
    const sealed = password === undefined ? {} : { password_sealed: seal(password, passwordContext(senderId)) };
    for (const [column, value] of Object.entries({ ...columns, ...sealed }))
      await arena.pool.query(`update sender set ${column} = $2 where id = $1`, [senderId, value]);
  };
  await changeSender(options.sender ?? {});
  await arena.pool.query("analyze subscriber, subscription");
  const draft = await makeDraft(arena.db, scope, listId, options.draft);
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
    senderId,
    journal,
    status,
    changeSender,
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
 * becomes of it. When a test fails, the last words of its processes are shown. `crew` names workers that serve all
 * tests of the file, `env` holds settings for them.
 */
export function inArena({ crew = [], env = {} }: { crew?: string[]; env?: Record<string, string> } = {}): {
  arena(): Arena;
  run(options?: RunOptions): Promise<Run>;
  /** For tests that run beside others: the run ends with `body`. */
  within(options: RunOptions, body: (run: Run) => Promise<void>): Promise<void>;
  workers(...names: string[]): Promise<StackProcess[]>;
  crew(): StackProcess[];
} {
  let opened: Arena | undefined;
  let runs: Run[] = [];
  let workers: StackProcess[] = [];
  let standing: StackProcess[] = [];
  const arena = () => {
    if (!opened) throw new Error("the arena opens before the first test");
    return opened;
  };
  beforeAll(async () => {
    opened = await openArena(env);
    standing = await Promise.all(crew.map((name) => arena().startWorker(name)));
  });
  afterAll(async () => opened?.close());
  beforeEach((context) => {
    context.onTestFailed(() => console.log(arena().output().slice(-4000)));
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
    async within(options, body) {
      const run = await startRun(arena(), options);
      try {
        await body(run);
      } finally {
        await run.close();
      }
    },
    crew: () => standing,
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
