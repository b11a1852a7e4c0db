"use client";

import { CircleCheck, CircleDashed, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTransition } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { ButtonLink } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { notify } from "#components/ui/notify.ts";

type Step = "people" | "newsletter" | "sender" | "send";

const hrefs: Record<Step, string> = {
  people: "/imports/new",
  newsletter: "/campaigns/new",
  sender: "/senders/new",
  send: "/campaigns",
};

interface GettingStartedProps {
  steps: Array<{ step: Step; done: boolean }>;
  putAway: (step: string) => Promise<ActionResult>;
}

/** The checklist of the first hour. Steps tick themselves off; each can be put away for good. */
export function GettingStarted({ steps, putAway }: GettingStartedProps) {
  const t = useTranslations("home.start");
  const [pending, startTransition] = useTransition();
  const done = steps.filter((entry) => entry.done).length;
  return (
    <Card>
      <CardHeader title={t("title")} description={t("description", { done, total: steps.length })} />
      <CardBody>
        <ol className="flex flex-col divide-y divide-line">
          {steps.map((entry) => (
            <li key={entry.step} className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3 first:pt-0 last:pb-0">
              {entry.done ? (
                <CircleCheck aria-hidden="true" className="size-5 shrink-0 text-success-text" />
              ) : (
                <CircleDashed aria-hidden="true" className="size-5 shrink-0 text-muted" />
              )}
              <div className="min-w-0 flex-1 basis-52">
                <p className="font-medium text-ink">
                  {t(`${entry.step}.title`)}
                  {entry.done && <span className="sr-only"> · {t("done")}</span>}
                </p>
                {!entry.done && <p className="text-sm text-muted">{t(`${entry.step}.text`)}</p>}
              </div>
              {!entry.done && (
                <div className="flex items-center gap-1 max-sm:pl-8">
                  <ButtonLink href={hrefs[entry.step]} size="sm">
                    {t(`${entry.step}.action`)}
                  </ButtonLink>
                  <IconButton
                    label={t("putAway")}
                    size="sm"
                    disabled={pending}
                    onClick={() =>
                      startTransition(async () => {
                        const answer = await putAway(entry.step);
                        if (!answer.ok) notify.error(answer.message);
                      })
                    }
                  >
                    <X aria-hidden="true" />
                  </IconButton>
                </div>
              )}
            </li>
          ))}
        </ol>
      </CardBody>
    </Card>
  );
}
