"use client";

import { useRouter } from "next/navigation";
import { useFormatter, useTranslations } from "next-intl";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { notify } from "#components/ui/notify.ts";
import { Progress } from "#components/ui/progress.tsx";
import { DateTime } from "#components/ui/time.tsx";
import { warmupAt, warmupDays } from "#lib/senders/warmup.ts";

interface WarmupCardProps {
  name: string;
  plan: { startsOn: string; firstDay: number; growthPercent: number; days: number };
  /** Mails of the last 24 hours, which is what today's cap holds for. */
  used: number;
  now: Date;
  end: () => Promise<ActionResult>;
}

/** A plan under way: today's part of it, every day as a bar, and the same as a table. */
export function WarmupCard({ name, plan, used, now, end }: WarmupCardProps) {
  const t = useTranslations("senders.warmup");
  const format = useFormatter();
  const router = useRouter();
  const today = warmupAt(plan, now);
  const days = warmupDays(plan);
  const most = days.at(-1)?.cap ?? 1;
  const dayName = (date: string) =>
    format.dateTime(new Date(`${date}T12:00:00Z`), { dateStyle: "medium", timeZone: "UTC" });

  async function confirmed() {
    const answer = await end();
    if (answer.ok) notify.success(t("ended"));
    else notify.error(answer.message);
    router.refresh();
  }

  return (
    <Card>
      <CardHeader title={t("title")} description={standing()} />
      <CardBody className="flex flex-col gap-4">
        {today && (
          <>
            <Progress
              label={t("today")}
              value={used}
              max={today.cap}
              valueText={t("usedOf", { used, cap: today.cap })}
            />
            <p className="-mt-2 text-xs text-muted">{t.rich("nextDay", { at: () => <DateTime at={today.until} /> })}</p>
          </>
        )}
        <div aria-hidden="true" className="flex h-20 items-end gap-px border-b border-line">
          {days.map(({ day, cap }) => (
            <span
              key={day}
              className={cn(
                "flex h-full min-w-0 flex-1 items-end rounded-t-xs",
                day === today?.day && "bg-accent-soft",
              )}
            >
              <span
                style={{ height: `${Math.max(5, (100 * cap) / most)}%` }}
                className={cn(
                  "w-full rounded-t-xs",
                  day === today?.day ? "bg-accent" : isPast(day) ? "bg-muted" : "bg-neutral-line",
                )}
              />
            </span>
          ))}
        </div>
        <details>
          <summary className="w-fit cursor-pointer rounded-sm text-sm text-accent-text">{t("showDays")}</summary>
          <section
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard
            tabIndex={0}
            aria-label={t("caption", { name })}
            className="mt-3 max-h-72 overflow-y-auto rounded-md"
          >
            <table className="w-full text-sm">
              <thead className="text-left text-muted">
                <tr>
                  {(["day", "date", "upTo"] as const).map((head) => (
                    <th key={head} scope="col" className="py-1 pr-3 font-normal last:pr-1 last:text-right">
                      {t(head)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {days.map(({ day, date, cap }) => (
                  <tr
                    key={day}
                    className={cn("border-t border-line", day === today?.day && "bg-accent-soft font-medium")}
                  >
                    <td className="tabular py-1 pr-3">{day}</td>
                    <td className="py-1 pr-3">
                      {dayName(date)}
                      {day === today?.day && <span className="ml-2 text-accent-text">{t("isToday")}</span>}
                    </td>
                    <td className="tabular py-1 pr-1 text-right">{format.number(cap)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </details>
        <div>
          <ConfirmDialog
            title={t("endTitle", { name })}
            description={t("endText")}
            confirmLabel={t("end")}
            trigger={<Button size="sm">{t("end")}</Button>}
            onConfirm={confirmed}
          />
        </div>
      </CardBody>
    </Card>
  );

  function isPast(day: number): boolean {
    return today ? day < today.day : now.getTime() > Date.parse(`${plan.startsOn}T00:00:00Z`);
  }

  function standing(): string {
    if (today) return t("dayOf", { day: today.day, days: plan.days });
    return isPast(1) ? t("isOver") : t("begins", { date: dayName(plan.startsOn) });
  }
}
