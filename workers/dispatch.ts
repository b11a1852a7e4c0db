import { reasonOf } from "#lib/campaigns/pause-reason.ts";
import { noteQuota } from "#lib/campaigns/quota.ts";
import { noteSenderTrouble, pauseForTrouble } from "#lib/campaigns/trouble.ts";
import { config } from "#lib/config.ts";
import { asDb, db, sessionPool } from "#lib/db.ts";
import { isDrained } from "#lib/delivery/cancel.ts";
import { statusesOf } from "#lib/delivery/counts.ts";
import { type Dispatcher, startDispatcher } from "#lib/delivery/dispatcher.ts";
import { parseDelays, retrySchedule } from "#lib/delivery/retry-schedule.ts";
import { watchSendingLock } from "#lib/instance/sending-lock.ts";
import { enqueue } from "#lib/queue.ts";

let dispatcher: Dispatcher | undefined;

/** Starts the part of a worker that sends, with the settings of this installation. */
export function startDispatching(): Dispatcher {
  const settings = config();
  dispatcher = startDispatcher(
    // Its statements are named, and names live in a session.
    asDb(sessionPool()),
    {
      leaseSeconds: settings.DELIVERY_LEASE_SECONDS,
      schedule: retrySchedule(
        "bulk",
        settings.DELIVERY_RETRY_SECONDS ? { delaysSeconds: parseDelays(settings.DELIVERY_RETRY_SECONDS) } : {},
      ),
      timeouts: {
        connect: settings.DELIVERY_CONNECT_TIMEOUT_SECONDS * 1000,
        greeting: settings.DELIVERY_CONNECT_TIMEOUT_SECONDS * 1000,
        command: settings.DELIVERY_CONNECT_TIMEOUT_SECONDS * 1000,
        data: settings.DELIVERY_CONNECT_TIMEOUT_SECONDS * 1000,
        afterDot: settings.DELIVERY_REPLY_TIMEOUT_SECONDS * 1000,
      },
      chunksAtOnce: 4,
      stopGraceMs: 20_000,
      maySend: watchSendingLock(db()).maySend,
    },
    {
      onCampaignTrouble: (workspaceId, campaignId, reason) => pauseForTrouble(db(), workspaceId, campaignId, reason),
      onTripped: (workspaceId, campaignId, found) => pauseForTrouble(db(), workspaceId, campaignId, reasonOf(found)),
      onLimit: (workspaceId, campaignId, full) => noteQuota(db(), workspaceId, campaignId, full),
      onSenderTrouble: (workspaceId, campaignId, words) => noteSenderTrouble(db(), workspaceId, campaignId, words),
      onChunkDone: async (workspaceId, campaignId) => {
        const status = (await statusesOf(db(), [campaignId])).get(campaignId);
        if (status !== "sending" || (await isDrained(db(), workspaceId, campaignId)))
          await enqueue(db(), "campaign.sweep", {});
      },
    },
  );
  return dispatcher;
}

/** Somebody has put messages in, or resumed a campaign. */
export async function handleDeliveryWake(): Promise<void> {
  dispatcher?.wake();
}
