import { and, eq, sql } from "drizzle-orm";
import { Temporal } from "temporal-polyfill";
import { campaign, link } from "#drizzle/schema/campaigns.ts";
import type { Scope } from "../auth/scope.ts";
import { createCampaign, saveDraft } from "../campaigns/drafts.ts";
import { freezeCampaign } from "../campaigns/freeze.ts";
import { reviewCampaign } from "../campaigns/review.ts";
import { freezeContent } from "../campaigns/start.ts";
import type { Db } from "../db.ts";
import { monthOf } from "../ids.ts";
import type { SampleCampaign, SentSampleCampaign } from "./campaigns.ts";
import { type SampleMessage, tellDelivery } from "./delivery-story.ts";
import { issueMjml } from "./mails.ts";
import type { SampleList } from "./people.ts";
import { tellReaders } from "./reader-story.ts";
import { writeDelivery, writeReaders } from "./write-history.ts";

/** Where a sample campaign is written. */
export interface SamplePlace {
  scope: Scope;
  lists: Record<SampleList, string>;
  timeZone: string;
  now: Date;
}

/** Writes a draft through the same door as a person would. */
export async function writeDraft(
  tx: Db,
  { scope, lists }: SamplePlace,
  sample: SampleCampaign,
): Promise<{ id: string; version: number }> {
  const id = await createCampaign(tx, scope, { name: sample.name, from: { kind: "starter", starterId: "newsletter" } });
  const { version } = await saveDraft(tx, scope, {
    campaignId: id,
    version: 1,
    patch: {
      subject: sample.subject,
      preheader: sample.preheader,
      fromName: "Acme Coffee",
      fromEmail: "ida@acme-coffee.example.com",
      replyTo: "",
      lists: { include: sample.include.map((key) => lists[key]), exclude: sample.exclude.map((key) => lists[key]) },
      content: { kind: "mjml", v: 1, source: issueMjml(sample.issue) },
    },
  });
  return { id, version };
}

/**
 * Writes a campaign that was sent some days ago. Content and audience are frozen by the same functions as in a real
 * launch, from the people who are there and subscribed at that point; the caller writes history in order.
 */
export async function writeSentCampaign(tx: Db, place: SamplePlace, sample: SentSampleCampaign): Promise<void> {
  const { scope } = place;
  const { id } = await writeDraft(tx, place, sample);
  const launchedAt = launchInstant(sample, place);
  const review = await reviewCampaign(tx, scope, id);
  await freezeContent(tx, scope.workspaceId, review);
  const mine = and(eq(campaign.workspaceId, scope.workspaceId), eq(campaign.id, id));
  await tx
    .update(campaign)
    .set({
      status: "freezing",
      senderId: review.sender?.id,
      createdAt: new Date(launchedAt.getTime() - 26 * 3_600_000),
      launchAt: launchedAt,
      launchedAt,
      launchedBy: scope.userId,
      excludedCounts: { ...review.audience.excluded },
    })
    .where(mine);
  await freezeCampaign(tx, scope.workspaceId, id);

  const delivery = tellDelivery(sample.name, sample.story, await messagesOf(tx, scope, id, launchedAt), launchedAt);
  const finishedAt = await writeDelivery(tx, scope, { id, launchedAt }, delivery);
  const links = await tx
    .select({ position: link.position })
    .from(link)
    .where(and(eq(link.workspaceId, scope.workspaceId), eq(link.campaignId, id)));
  const { story, linkWeights } = sample;
  const setting = {
    key: sample.name,
    story,
    linkWeights,
    linkCount: links.length,
    timeZone: place.timeZone,
    now: place.now,
  };
  await writeReaders(tx, scope, id, tellReaders(delivery.accepted, setting));
  await tx
    .update(campaign)
    .set({ status: "finished", frozenAt: new Date(launchedAt.getTime() + 900), finishedAt, updatedAt: finishedAt })
    .where(mine);
}

/** The wall time of that day in the workspace's zone. */
function launchInstant({ sentDaysAgo, sentAt }: SentSampleCampaign, { timeZone, now }: SamplePlace): Date {
  const day = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(timeZone)
    .subtract({ days: sentDaysAgo });
  return new Date(day.withPlainTime(sentAt).epochMilliseconds);
}

async function messagesOf(tx: Db, scope: Scope, campaignId: string, launchedAt: Date): Promise<SampleMessage[]> {
  const { rows } = await tx.execute<{ id: string; subscriber_id: string; email: string }>(sql`
    select id, subscriber_id, email from message
    where workspace_id = ${scope.workspaceId} and launch_month = ${monthOf(launchedAt)} and source_id = ${campaignId}
    order by subscriber_id`);
  return rows.map((row) => ({ id: row.id, subscriberId: row.subscriber_id, email: row.email }));
}
