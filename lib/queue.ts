import { sql } from "drizzle-orm";
import { fromDrizzle, PgBoss, type Queue } from "pg-boss";
import { z } from "zod";
import { config } from "./config.ts";
import { type Db, pool } from "./db.ts";
import { log } from "./log.ts";

/*
 * The queues: name, payload, options. A job is a doorbell: it carries ids only, and losing or doubling one is
 * harmless, because rows are the truth and a sweep looks at them. workers/jobs.ts must have a handler for each.
 */

const importJob = z.strictObject({ workspaceId: z.uuid(), importId: z.uuid() });
const campaignJob = z.strictObject({ workspaceId: z.uuid(), campaignId: z.uuid() });
const nothing = z.strictObject({});

const declare = <S extends z.ZodType>(payload: S, options: Omit<Queue, "name"> = {}) => ({ payload, options });

/** Long work is watched by heartbeat, so a killed worker's job comes back within a minute and not after the expiry. */
const long = { expireInSeconds: 6 * 3600, heartbeatSeconds: 30, retryLimit: 5, retryDelay: 2, notify: true };

export const queues = {
  "import.check": declare(importJob, long),
  "import.run": declare(importJob, long),
  "import.sweep": declare(nothing, { policy: "short", retryLimit: 0 }),
  "campaign.start": declare(campaignJob, { notify: true, retryLimit: 10, retryDelay: 2 }),
  "campaign.freeze": declare(campaignJob, { ...long, retryLimit: 20 }),
  "campaign.decide": declare(campaignJob, { ...long, retryLimit: 20 }),
  "campaign.sweep": declare(nothing, { notify: true, policy: "short" }),
  "delivery.wake": declare(nothing, { notify: true, policy: "short", retryLimit: 0 }),
  "housekeeping.nightly": declare(nothing, { retryLimit: 3 }),
} as const;

export type QueueName = keyof typeof queues;
export type Payload<N extends QueueName> = z.infer<(typeof queues)[N]["payload"]>;

const globals = globalThis as { posthornSender?: Promise<PgBoss> };

/**
 * Queues one job inside the caller's transaction: the rows and the doorbell commit together. `startAfter` delays it.
 * Throws on a payload that does not fit the declaration.
 */
export async function enqueue<N extends QueueName>(
  tx: Db,
  name: N,
  payload: Payload<N>,
  options: { startAfter?: Date } = {},
): Promise<void> {
  const data = queues[name].payload.parse(payload) as object;
  const boss = await sendOnlyBoss();
  await boss.send(name, data, { ...options, db: fromDrizzle(tx, sql) });
}

/** A pg-boss that only sends: no maintenance, no schedules, no listening. One per process. */
function sendOnlyBoss(): Promise<PgBoss> {
  globals.posthornSender ??= (async () => {
    const boss = new PgBoss({
      db: { executeSql: async (text, values) => await pool().query(text, values) },
      migrate: false,
      supervise: false,
      schedule: false,
    });
    boss.on("error", (err) => log.warn({ err }, "the job queue reported an error"));
    await boss.start();
    return boss;
  })();
  return globals.posthornSender;
}

/** Ends this process's sending side, before its pool is closed. */
export async function closeQueue(): Promise<void> {
  const sender = globals.posthornSender;
  globals.posthornSender = undefined;
  await (await sender)?.stop({ graceful: false });
}

/** The pg-boss of a worker process: listens, schedules and maintains. The caller starts and stops it. */
export function workerBoss(): PgBoss {
  const { DATABASE_URL, DATABASE_DIRECT_URL } = config();
  const boss = new PgBoss({
    connectionString: DATABASE_DIRECT_URL ?? DATABASE_URL,
    application_name: "posthorn jobs",
    max: 4,
    migrate: false,
    useListenNotify: true,
  });
  boss.on("error", (err) => log.warn({ err }, "the job queue reported an error"));
  return boss;
}

/** Installs or upgrades pg-boss's own tables and declares every queue. Idempotent; part of migrating. */
export async function installQueues(directUrl: string): Promise<void> {
  const boss = new PgBoss({ connectionString: directUrl, max: 2, supervise: false, schedule: false });
  boss.on("error", (err) => log.warn({ err }, "the job queue reported an error"));
  await boss.start();
  try {
    for (const [name, { options }] of Object.entries(queues)) {
      if (await boss.getQueue(name)) {
        const { policy: _policy, ...changeable } = options as Omit<Queue, "name">;
        await boss.updateQueue(name, changeable);
      } else {
        await boss.createQueue(name, options);
      }
    }
  } finally {
    await boss.stop({ graceful: false });
  }
}
