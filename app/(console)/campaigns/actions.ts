"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { act } from "#app/_web/act.ts";
import { wordsOf } from "#app/_web/words.ts";
import { archiveDraft, createCampaign, duplicateCampaign, restoreDraft, saveDraft } from "#lib/campaigns/drafts.ts";
import { getCampaign } from "#lib/campaigns/find.ts";
import { campaignId, launchInput, saveDraftInput, startFrom, testSendInput } from "#lib/campaigns/input.ts";
import { launch, planStart, undoLaunch } from "#lib/campaigns/launch.ts";
import { endOfWallTime } from "#lib/campaigns/schedule.ts";
import { cancelCampaign, goOnNow, pauseCampaign, resumeCampaign } from "#lib/campaigns/steer.ts";
import { sendTest } from "#lib/campaigns/test-send.ts";
import { databaseNow, db } from "#lib/db.ts";
import { breakers } from "#lib/delivery/breakers.ts";

/** Makes a draft and opens it. */
export async function createCampaignAction(input: z.input<typeof startFrom>) {
  const t = await getTranslations("campaigns");
  const made = await act(startFrom, input, ({ scope }, from) =>
    createCampaign(db(), scope, { name: t("untitled"), from }),
  );
  if (!made.ok) return made;
  redirect(`/campaigns/${made.data}`);
}

export async function saveDraftAction(input: z.input<typeof saveDraftInput>) {
  return act(saveDraftInput, input, async ({ scope }, parsed) => {
    const { version, savedAt } = await saveDraft(db(), scope, parsed);
    return { version, savedAt: savedAt.toISOString() };
  });
}

export async function draftVersionAction(input: z.input<typeof campaignId>) {
  return act(
    campaignId,
    input,
    async ({ scope }, parsed) => (await getCampaign(db(), scope, parsed.campaignId)).version,
  );
}

export async function sendTestAction(input: z.input<typeof testSendInput>) {
  return act(testSendInput, input, ({ scope }, parsed) => sendTest(db(), scope, parsed));
}

export async function launchAction(input: z.input<typeof launchInput>) {
  const launched = await act(launchInput, input, ({ scope }, parsed) => launch(db(), scope, parsed));
  if (!launched.ok) return launched;
  redirect(`/campaigns/${input.campaignId}`);
}

const scheduleInput = z.strictObject({ wallTime: z.string().max(40), zone: z.string().max(80) });

/** What a picked end means: its instant, and in words what is wrong with it. */
export async function checkEndAction(input: z.input<typeof scheduleInput>) {
  return act(scheduleInput, input, async (_actor, { wallTime, zone }) => {
    const { at, problem } = endOfWallTime(wallTime, zone, await databaseNow(db()));
    return { at: at.toISOString(), problem: problem && (await wordsOf(problem)) };
  });
}

const planInput = scheduleInput.extend({ campaignId: z.uuid() });

/** What a picked start means for a campaign: its instant and what is worth a look, or why it cannot be. */
export async function planStartAction(input: z.input<typeof planInput>) {
  return act(planInput, input, async ({ scope }, parsed) => {
    const { at, warning } = await planStart(db(), scope, parsed);
    return { at: at.toISOString(), warning: warning && { code: warning.code, detail: warning.detail } };
  });
}

const steps = {
  undo: undoLaunch,
  pause: pauseCampaign,
  resume: resumeCampaign,
  cancel: cancelCampaign,
  go_on: goOnNow,
};
const stepInput = z.strictObject({
  campaignId: z.uuid(),
  step: z.enum(["undo", "pause", "resume", "cancel", "go_on"]),
  /** With "resume": the breaker that the person overrules. */
  overrule: z.enum(breakers).optional(),
});

/** One step of a launched campaign. */
export async function stepAction(input: z.input<typeof stepInput>) {
  return act(stepInput, input, async ({ scope }, { campaignId, step, overrule }) => {
    await steps[step](db(), scope, campaignId, overrule);
    refresh();
    return null;
  });
}

export async function duplicateCampaignAction(input: z.input<typeof campaignId>) {
  const t = await getTranslations("campaigns");
  const made = await act(campaignId, input, async ({ scope }, parsed) => {
    const { name } = await getCampaign(db(), scope, parsed.campaignId);
    return duplicateCampaign(db(), scope, parsed.campaignId, t("copyOf", { name }));
  });
  if (!made.ok) return made;
  redirect(`/campaigns/${made.data}`);
}

const archiveInput = z.strictObject({ campaignId: z.uuid(), archived: z.boolean() });

export async function archiveDraftAction(input: z.input<typeof archiveInput>) {
  return act(archiveInput, input, async ({ scope }, parsed) => {
    await (parsed.archived ? archiveDraft : restoreDraft)(db(), scope, parsed.campaignId);
    refresh();
    return null;
  });
}
