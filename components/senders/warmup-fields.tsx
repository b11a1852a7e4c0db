"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { utcDay, type WarmupPreset, warmupDays, warmupPresets } from "#lib/senders/warmup.ts";

interface WarmupFieldsProps {
  plan: { startsOn: string; firstDay: number; growthPercent: number; days: number } | null;
  fields: Record<string, string>;
}

/** A plan in four numbers, with two that are usual to start from and what comes of them in words. */
export function WarmupFields({ plan, fields }: WarmupFieldsProps) {
  const t = useTranslations("senders.warmup");
  const format = useFormatter();
  const [on, setOn] = useState(plan !== null);
  const [startsOn, setStartsOn] = useState(plan?.startsOn ?? "");
  const [firstDay, setFirstDay] = useState(String(plan?.firstDay ?? ""));
  const [growth, setGrowth] = useState(String(plan?.growthPercent ?? ""));
  const [days, setDays] = useState(String(plan?.days ?? ""));

  function take(preset: WarmupPreset) {
    const chosen = warmupPresets[preset];
    setFirstDay(String(chosen.firstDay));
    setGrowth(String(chosen.growthPercent));
    setDays(String(chosen.days));
  }

  function turn(next: boolean) {
    setOn(next);
    if (!next || firstDay !== "") return;
    setStartsOn(utcDay(new Date()));
    take("careful");
  }

  const last = lastCap(firstDay, growth, days);
  return (
    <FieldStack>
      <Checkbox name="warmup" label={t("turnOn")} hint={t("why")} checked={on} onCheckedChange={turn} />
      {on && (
        <>
          <div className="flex flex-wrap items-center gap-2">
            {(Object.keys(warmupPresets) as WarmupPreset[]).map((preset) => (
              <Button key={preset} size="sm" onClick={() => take(preset)}>
                {t(`presets.${preset}`)}
              </Button>
            ))}
            <p className="basis-full text-sm text-muted">{t("presetsHint")}</p>
          </div>
          <div className="grid gap-5 sm:grid-cols-2">
            <Field name="warmupStartsOn" label={t("startsOn")} error={fields.warmupStartsOn}>
              <Input type="date" value={startsOn} onChange={(event) => setStartsOn(event.target.value)} />
            </Field>
            <Field name="warmupFirstDay" label={t("firstDay")} error={fields.warmupFirstDay}>
              <Input inputMode="numeric" value={firstDay} onChange={(event) => setFirstDay(event.target.value)} />
            </Field>
            <Field name="warmupGrowthPercent" label={t("growth")} error={fields.warmupGrowthPercent}>
              <Input inputMode="numeric" value={growth} onChange={(event) => setGrowth(event.target.value)} />
            </Field>
            <Field name="warmupDays" label={t("days")} error={fields.warmupDays}>
              <Input inputMode="numeric" value={days} onChange={(event) => setDays(event.target.value)} />
            </Field>
          </div>
          {last !== null && (
            <p className="text-sm text-muted" aria-live="polite">
              {t("comesTo", { days: Number(days), cap: format.number(last) })}
            </p>
          )}
        </>
      )}
    </FieldStack>
  );
}

/** What the last day allows, or null while a field is not a number that a plan can have. */
function lastCap(firstDay: string, growth: string, days: string): number | null {
  const whole = (text: string, least: number, most: number) =>
    /^\d{1,7}$/.test(text) && Number(text) >= least && Number(text) <= most;
  if (!whole(firstDay, 1, 1_000_000) || !whole(growth, 0, 200) || !whole(days, 1, 120)) return null;
  const plan = {
    startsOn: "2026-01-01",
    firstDay: Number(firstDay),
    growthPercent: Number(growth),
    days: Number(days),
  };
  return warmupDays(plan).at(-1)?.cap ?? null;
}
