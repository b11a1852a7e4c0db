"use client";

import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Dialog, DialogClose, DialogFooter } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { notify } from "#components/ui/notify.ts";
import { Select } from "#components/ui/select.tsx";
import type { MediaItem } from "#lib/media/find.ts";
import { CropArea } from "./crop-area.tsx";
import { moved, type Part, resized, shaped } from "./crop-geometry.ts";
import type { MediaActions } from "./media-actions.ts";

const ratios: Record<string, number | null> = { free: null, "1:1": 1, "3:2": 3 / 2, "16:9": 16 / 9, "3:1": 3 };

interface CropDialogProps {
  item: MediaItem;
  save: MediaActions["crop"];
  onClose: () => void;
}

/** Cuts a part out and scales it, by mouse, by finger, by arrow keys or by numbers. */
export function CropDialog({ item, save, onClose }: CropDialogProps) {
  const t = useTranslations("media");
  const tUi = useTranslations("ui");
  const bounds = { width: item.width, height: item.height };
  const whole: Part = { left: 0, top: 0, ...bounds };
  const [part, setPart] = useState(whole);
  const [shape, setShape] = useState("free");
  const [wantedWidth, setWantedWidth] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const ratio = ratios[shape] ?? null;
  const width = Math.min(wantedWidth ?? part.width, part.width);
  const height = Math.max(1, Math.round((part.height / part.width) * width));

  function send(name: string) {
    startTransition(async () => {
      const answer = await save({ id: item.id, name, width: Math.max(1, width), crop: part });
      if (!answer.ok) return setError(answer.message);
      notify.success(t("cropped"));
      onClose();
    });
  }

  const numbers: Array<[key: "left" | "top" | "width" | "height", set: (value: number) => Part]> = [
    ["left", (left) => moved(part, { x: left - part.left, y: 0 }, bounds)],
    ["top", (top) => moved(part, { x: 0, y: top - part.top }, bounds)],
    ["width", (wide) => resized(part, { width: wide, height: part.height }, bounds, ratio)],
    ["height", (high) => resized(part, { width: ratio ? high * ratio : part.width, height: high }, bounds, ratio)],
  ];
  return (
    <Dialog
      title={t("cropTitle")}
      description={t("cropText")}
      size="lg"
      open
      onOpenChange={(open) => !open && onClose()}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          send(String(new FormData(event.currentTarget).get("cropName") ?? ""));
        }}
      >
        {error && (
          <Callout tone="danger" live>
            {error}
          </Callout>
        )}
        <CropArea src={item.path} bounds={bounds} part={part} ratio={ratio} onChange={setPart} />
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-5">
          <Field label={t("ratio")} className="max-sm:col-span-2">
            <Select
              items={Object.keys(ratios).map((key) => ({
                value: key,
                label: key === "free" ? t("ratioFree") : key === "1:1" ? t("ratioSquare") : key,
              }))}
              value={shape}
              onValueChange={(next) => {
                setShape(next);
                setPart(shaped(part, ratios[next] ?? null, bounds));
              }}
            />
          </Field>
          {numbers.map(([key, set]) => (
            <Field key={key} label={t(key)}>
              <PixelInput value={part[key]} onValue={(value) => setPart(set(value))} />
            </Field>
          ))}
        </div>
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={t("cropName")} name="cropName">
            <Input
              name="cropName"
              defaultValue={t("cropSuffix", { name: item.name }).slice(0, 200)}
              required
              maxLength={200}
            />
          </Field>
          <Field label={t("outputWidth")} hint={t("outputHint", { width, height })}>
            <PixelInput value={width} onValue={(value) => setWantedWidth(Math.max(1, value))} />
          </Field>
        </div>
        <DialogFooter>
          <Button
            onClick={() => {
              setPart(whole);
              setShape("free");
              setWantedWidth(null);
            }}
          >
            {t("reset")}
          </Button>
          <DialogClose render={<Button>{tUi("cancel")}</Button>} />
          <Button type="submit" variant="primary" loading={pending}>
            {t("cropSave")}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

/** Takes what is typed when it is left or Enter is pressed, so that half a number moves nothing. */
function PixelInput({ value, onValue }: { value: number; onValue: (value: number) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  const settle = () => {
    const number = Number.parseInt(typed ?? "", 10);
    if (Number.isFinite(number)) onValue(number);
    setTyped(null);
  };
  return (
    <Input
      type="number"
      inputMode="numeric"
      value={typed ?? String(value)}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={settle}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        settle();
      }}
      suffix="px"
    />
  );
}
