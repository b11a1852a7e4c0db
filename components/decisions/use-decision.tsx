"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState, useTransition } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { notify } from "#components/ui/notify.ts";
import type { DecisionInput } from "#lib/campaigns/decision-input.ts";
import { type End, EndChoice } from "./end-choice.tsx";

export type Decision = DecisionInput["decision"];

interface Counts {
  messages: number;
  optedOut: number;
  busy: number;
}

/** What a page hands to whoever may decide. */
export interface Decisions {
  preview: (input: {
    campaignId: string;
    decision: Decision;
    messageId: string | null;
  }) => Promise<ActionResult<Counts & { endHasPassed: boolean }>>;
  decide: (input: {
    campaignId: string;
    decision: Decision;
    messageId: string | null;
    confirmed: number;
    end: End;
  }) => Promise<ActionResult<Counts & { isUnderWay?: true }>>;
  /** The workspace's, for a new end. */
  timeZone: string;
}

/** From so many mails on the number is typed, as before a launch. */
const typeCountAbove = 1000;
const sendsAgain: readonly Decision[] = ["resend_doubts", "retry_failed", "send_rest"];

interface Asked extends Counts {
  decision: Decision;
  messageId: string | null;
  email: string | null;
  endHasPassed: boolean;
}

/**
 * A decision about messages of a campaign, from the click to the toast: counts first, asks with the exact number, carries
 * it out and says what happened. `dialog` has to be drawn somewhere.
 */
export function useDecision(
  campaignId: string,
  decisions: Decisions,
): {
  ask(decision: Decision, one?: { messageId: string; email: string }): void;
  pending: Decision | null;
  dialog: ReactNode;
} {
  const t = useTranslations("decisions");
  const [pending, startTransition] = useTransition();
  const [counting, setCounting] = useState<Decision | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [end, setEnd] = useState<End>({ kind: "none" });

  function ask(decision: Decision, one?: { messageId: string; email: string }) {
    setCounting(decision);
    startTransition(async () => {
      const messageId = one?.messageId ?? null;
      const answer = await decisions.preview({ campaignId, decision, messageId });
      if (!answer.ok) return void notify.error(answer.message);
      if (answer.data.messages === 0) return void notify.info(t("nothing"), leftWords(answer.data));
      setEnd({ kind: "none" });
      setAsked({ ...answer.data, decision, messageId, email: one?.email ?? null });
      setIsOpen(true);
    });
  }

  async function confirm(): Promise<boolean> {
    if (!asked) return false;
    const { decision, messageId, messages, endHasPassed } = asked;
    const chosen: End = endHasPassed ? end : { kind: "keep" };
    const answer = await decisions.decide({ campaignId, decision, messageId, confirmed: messages, end: chosen });
    if (!answer.ok) {
      notify.error(answer.message);
      return false;
    }
    const { messages: count, isUnderWay } = answer.data;
    if (isUnderWay) notify.info(t("underWay", { count }), leftWords(answer.data) ?? { description: t("underWayText") });
    else notify.success(t(`done.${decision}`, { count }), leftWords(answer.data));
    return true;
  }

  /** Who was left as they are, and why. */
  function leftWords({ optedOut, busy }: Counts): { description: string } | undefined {
    const words = [
      optedOut > 0 ? t("optedOut", { count: optedOut }) : null,
      busy > 0 ? t("busy", { count: busy }) : null,
    ].filter((part) => part !== null);
    return words.length > 0 ? { description: words.join(" ") } : undefined;
  }

  const goesOut = asked !== null && sendsAgain.includes(asked.decision);
  const dialog = asked && (
    <ConfirmDialog
      open={isOpen}
      onOpenChange={setIsOpen}
      tone={asked.decision === "doubts_given_up" ? "danger" : "primary"}
      title={
        asked.email === null
          ? t(`title.${asked.decision}`, { count: asked.messages })
          : t(`titleOne.${asked.decision}`, { email: asked.email })
      }
      description={[t(`text.${asked.decision}`), leftWords(asked)?.description].filter(Boolean).join(" ")}
      confirmLabel={t(`confirm.${asked.decision}`, { count: asked.messages })}
      typeToConfirm={goesOut && asked.messages > typeCountAbove ? String(asked.messages) : undefined}
      onConfirm={confirm}
    >
      {asked.endHasPassed && <EndChoice end={end} zone={decisions.timeZone} onChange={setEnd} />}
    </ConfirmDialog>
  );
  return { ask, pending: pending ? counting : null, dialog };
}
