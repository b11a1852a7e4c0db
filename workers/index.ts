import { config } from "#lib/config.ts";
import { closeDb } from "#lib/db.ts";
import { log } from "#lib/log.ts";
import { closeQueue, type QueueName, queues, workerBoss } from "#lib/queue.ts";
import { startDemo } from "./demo.ts";
import { startDispatching } from "./dispatch.ts";
import { type JobDeclaration, jobs } from "./jobs.ts";

/*
 * The worker process: wakes on the queues and dispatches messages. Any number may run, on any number of hosts.
 * SIGTERM stops taking work, lets what is on the wire finish, and exits.
 */

config();
const stopping = new AbortController();
const boss = workerBoss();
await boss.start();

for (const name of Object.keys(jobs) as QueueName[]) await listen(name, jobs[name] as JobDeclaration<QueueName>);
const dispatcher = startDispatching();
log.info("worker is ready");
startDemo().catch((err) => log.error({ err }, "the demo could not be prepared"));
process.send?.({ ready: true });

async function listen<N extends QueueName>(name: N, job: JobDeclaration<N>): Promise<void> {
  if (job.schedule) await boss.schedule(name, job.schedule, {});
  await boss.work(
    name,
    { localConcurrency: job.concurrency, batchSize: 1, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 20 },
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

let stopped = false;
async function stop(): Promise<void> {
  if (stopped) return;
  stopped = true;
  log.info("worker is stopping");
  stopping.abort();
  await Promise.allSettled([dispatcher.stop(), boss.stop({ graceful: true, timeout: 20_000 })]);
  await closeQueue();
  await closeDb();
  process.exit(0);
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
// The supervisor died without a word: nobody would ever stop this process.
process.on("disconnect", stop);
