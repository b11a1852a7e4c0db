"use server";

import { refresh } from "next/cache";
import type { z } from "zod";
import { act } from "#app/_web/act.ts";
import { decide, previewDecision } from "#lib/campaigns/decide.ts";
import { decisionInput, decisionQuestion } from "#lib/campaigns/decision-input.ts";
import { db } from "#lib/db.ts";

/** How many messages a decision would change. */
export async function previewDecisionAction(input: z.input<typeof decisionQuestion>) {
  return act(decisionQuestion, input, ({ scope }, parsed) => previewDecision(db(), scope, parsed));
}

/** Carries a decision out and says how many messages it changed. */
export async function decideAction(input: z.input<typeof decisionInput>) {
  return act(decisionInput, input, async ({ scope }, parsed) => {
    const done = await decide(db(), scope, parsed);
    refresh();
    return done;
  });
}
