"use client";

import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Combobox } from "#components/ui/combobox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Switch } from "#components/ui/switch.tsx";

/** The instant of a picked end, and what is wrong with it. */
export type CheckEnd = (input: {
  wallTime: string;
  zone: string;
}) => Promise<ActionResult<{ at: string; problem: string | null }>>;

interface EndFieldProps {
  endsAt: string | null;
  /** The workspace's, which the time is shown in. */
  zone: string;
  zones: ReadonlyArray<{ value: string; label: string }>;
  checkEnd: CheckEnd;
  onChange: (endsAt: string | null) => void;
}

/** From when on nothing more of a campaign is sent: a wall time in a named zone. The server knows daylight saving. */
export function EndField({ endsAt, zones, checkEnd, onChange, ...props }: EndFieldProps) {
  const t = useTranslations("campaigns.delivery.end");
  const [isOn, setIsOn] = useState(endsAt !== null);
  const [zone, setZone] = useState(props.zone);
  const [wallTime, setWallTime] = useState(endsAt === null ? "" : wallTimeIn(endsAt, props.zone));
  const [problem, setProblem] = useState(endsAt !== null && Date.parse(endsAt) <= Date.now() ? t("past") : null);
  const latest = useRef(0);

  async function pick(nextTime: string, nextZone: string): Promise<void> {
    setWallTime(nextTime);
    setZone(nextZone);
    const mine = ++latest.current;
    if (nextTime === "") {
      setProblem(null);
      onChange(null);
      return;
    }
    const answer = await checkEnd({ wallTime: nextTime, zone: nextZone });
    if (mine !== latest.current) return;
    setProblem(answer.ok ? answer.data.problem : answer.message);
    // An end that has passed is kept, too: the review says so, and nothing is sent as if there were none.
    onChange(answer.ok ? answer.data.at : null);
  }

  return (
    <div className="flex flex-col gap-3">
      <Switch
        label={t("label")}
        hint={t("hint")}
        checked={isOn}
        onCheckedChange={(on) => {
          setIsOn(on);
          if (!on) void pick("", zone);
        }}
      />
      {isOn && (
        <div className="grid gap-4 sm:ml-12 sm:grid-cols-2">
          <Field label={t("time")} error={problem} hint={wallTime === "" ? t("none") : undefined}>
            <Input
              type="datetime-local"
              value={wallTime}
              onChange={(event) => void pick(event.target.value.slice(0, 16), zone)}
            />
          </Field>
          <Field label={t("zone")}>
            <Combobox items={zones} value={zone} onValueChange={(value) => value && void pick(wallTime, value)} />
          </Field>
        </div>
      )}
    </div>
  );
}

/** YYYY-MM-DDTHH:MM, as the control takes it: the Swedish way of writing a time. */
function wallTimeIn(at: string, zone: string): string {
  const shape = { timeZone: zone, dateStyle: "short", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat("sv-SE", shape).format(new Date(at)).replace(" ", "T");
}
