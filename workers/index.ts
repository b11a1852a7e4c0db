import { config } from "#lib/config.ts";
import { closeDb, db } from "#lib/db.ts";
import { epochEverySeconds, raiseEpoch } from "#lib/instance/epoch.ts";
import { log } from "#lib/log.ts";
import { closeQueue, enqueue, type QueueName, queues, workerBoss } from "#lib/queue.ts";
import { startDemo } from "./demo.ts";
import { startDispatching } from "./dispatch.ts";
import { type JobDeclaration, jobs } from "./jobs.ts";

/*
 * The worker process: wakes on the queues and dispatches messages. Any number may run, on any number of hosts.
 * SIGTERM stops taking work, lets what is on the wire finish, and exits.
 */

config();
const stopping = new AbortController();
const rings: NodeJS.Timeout[] = [];
const boss = workerBoss();
await boss.start();

// Before anything is sent, so that a backup from before this moment is behind what this host remembers.
await sayInUse();
rings.push(setInterval(sayInUse, epochEverySeconds * 1000));
for (const name of Object.keys(jobs) as QueueName[]) await listen(name, jobs[name] as JobDeclaration<QueueName>);
const dispatcher = startDispatching();
log.info("worker is ready");
startDemo().catch((err) => log.error({ err }, "the demo could not be prepared"));
process.send?.({ ready: true });

async function listen<N extends QueueName>(name: N, job: JobDeclaration<N>): Promise<void> {
  if (job.schedule) await boss.schedule(name, job.schedule, {});
  if (job.everySeconds) rings.push(setInterval(() => ring(name), job.everySeconds * 1000));
  await boss.work(
    name,
    {
      localConcurrency: job.concurrency,
      batchSize: 1,
      pollingIntervalSeconds: job.pollSeconds ?? 2,
      notifyPollingIntervalSeconds: job.pollSeconds ?? 20,
    },
    async ([given]) => {
      if (!given) return;
      try {
        await job.handle(queues[name].payload.parse(given.data) as never, stopping.signal);
      } catch (error) {
        log.error({ err: error, queue: name, job: given.id }, "a job failed and will be tried again");
        throw error;
      }
    },
  );
}

function ring(name: QueueName): void {
  enqueue(db(), name, {} as never).catch((err) => log.warn({ err, queue: name }, "a queue could not be rung"));
}

async function sayInUse(): Promise<void> {
  await raiseEpoch(db()).catch((err) => log.warn({ err }, "could not be noted: this database is in use"));
}

let stopped = false;
async function stop(): Promise<void> {
  if (stopped) return;
  stopped = true;
  log.info("worker is stopping");
  stopping.abort();
  for (const timer of rings) clearInterval(timer);
  await Promise.allSettled([dispatcher.stop(), boss.stop({ graceful: true, timeout: 20_000 })]);
  await closeQueue();
  await closeDb();
  process.exit(0);
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
// The supervisor died without a word: nobody would ever stop this process.
process.on("disconnect", stop);
