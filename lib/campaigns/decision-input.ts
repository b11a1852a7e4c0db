import { z } from "zod";
import { decisions } from "../delivery/decide.ts";

/** What is asked before a decision: whom it is about. `messageId` null = every message it fits. */
export const decisionQuestion = z.strictObject({
  campaignId: z.uuid(),
  decision: z.enum(decisions),
  messageId: z.uuid().nullable().default(null),
});
export type DecisionQuestion = z.infer<typeof decisionQuestion>;

export const decisionInput = decisionQuestion.extend({
  /** The number that was shown to the person: many more than that are not what they said yes to. */
  confirmed: z.int().nonnegative(),
  /** What becomes of the campaign's end. One that has passed cannot be kept where mail goes out again. */
  end: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("keep") }),
      z.strictObject({ kind: z.literal("none") }),
      z.strictObject({ kind: z.literal("at"), wallTime: z.string().max(40), zone: z.string().max(80) }),
    ])
    .default({ kind: "keep" }),
});
export type DecisionInput = z.infer<typeof decisionInput>;
