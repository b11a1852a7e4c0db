import type { Payload, QueueName } from "#lib/queue.ts";
import { handleCampaignDecide } from "./campaign-decide.ts";
import { handleCampaignFreeze } from "./campaign-freeze.ts";
import { handleCampaignStart } from "./campaign-start.ts";
import { handleCampaignSweep } from "./campaign-sweep.ts";
import { handleDeliveryWake } from "./dispatch.ts";
import { handleHousekeeping } from "./housekeeping.ts";
import { handleImportCheck } from "./import-check.ts";
import { handleImportRun } from "./import-run.ts";
import { handleImportSweep } from "./import-sweep.ts";

export interface JobDeclaration<N extends QueueName> {
  /** How many of this queue one process works at once. */
  concurrency: number;
  /** Cron expression (UTC), for the queues that ring by themselves. */
  schedule?: string;
  /** Rung by every worker this often, where a cron's minute is too long. Rings that wait already are not doubled. */
  everySeconds?: number;
  /** How often to look without a notification: jobs that start later are not notified of. */
  pollSeconds?: number;
  /** `signal` aborts when the process is asked to stop: long work ends at its next safe point. */
  handle(payload: Payload<N>, signal: AbortSignal): Promise<void>;
}

/** Every queue and what this process does when it rings. A queue without a handler is a type error. */
export const jobs: { [N in QueueName]: JobDeclaration<N> } = {
  "import.check": { concurrency: 1, handle: handleImportCheck },
  "import.run": { concurrency: 1, handle: handleImportRun },
  "import.sweep": { concurrency: 1, schedule: "* * * * *", handle: handleImportSweep },
  "campaign.start": { concurrency: 2, pollSeconds: 1, handle: handleCampaignStart },
  "campaign.freeze": { concurrency: 2, handle: handleCampaignFreeze },
  "campaign.decide": { concurrency: 2, handle: handleCampaignDecide },
  "campaign.sweep": { concurrency: 1, everySeconds: 10, pollSeconds: 2, handle: handleCampaignSweep },
  "delivery.wake": { concurrency: 1, handle: handleDeliveryWake },
  "housekeeping.nightly": { concurrency: 1, schedule: "17 3 * * *", handle: handleHousekeeping },
};
