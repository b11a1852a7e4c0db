"use client";

import { Braces, Images } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { MediaPicker } from "#components/media/media-picker.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Menu, MenuItem } from "#components/ui/menu.tsx";
import { Select } from "#components/ui/select.tsx";
import { lineToText, textToLine } from "#lib/content/doc/line-text.ts";
import type { Line, Padding } from "#lib/content/doc/values.ts";

export interface FieldChoice {
  key: string;
  label: string;
}

interface Valued<Value> {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
}

/** A colour of the part, or the one of the theme where none is chosen. */
export function ColourField({ label, value, onChange, usual }: Valued<string | undefined> & { usual?: string }) {
  const t = useTranslations("editorDoc");
  return (
    <div className="flex min-h-9 items-center gap-2 text-sm max-sm:min-h-11">
      <label className="flex min-w-0 flex-1 items-center gap-2">
        <input
          type="color"
          value={value ?? usual ?? "#ffffff"}
          onChange={(event) => onChange(event.target.value)}
          className="h-8 w-11 shrink-0 cursor-pointer rounded-md border border-field bg-surface p-0.5"
        />
        <span className="min-w-0">{label}</span>
      </label>
      {value !== undefined && usual !== value && (
        <Button size="sm" variant="ghost" onClick={() => onChange(undefined)} aria-label={`${t("reset")}: ${label}`}>
          {t("reset")}
        </Button>
      )}
    </div>
  );
}

/** A whole number within limits; what is not one yet is not taken. */
export function NumberField({
  label,
  value,
  onChange,
  min,
  max,
  usual,
}: Valued<number | undefined> & { min: number; max: number; usual?: number }) {
  return (
    <Field label={label}>
      <Input
        type="number"
        min={min}
        max={max}
        value={value ?? ""}
        placeholder={usual === undefined ? "" : String(usual)}
        onChange={(event) => {
          const number = Math.round(Number(event.target.value));
          if (event.target.value === "") onChange(undefined);
          else if (Number.isFinite(number)) onChange(Math.max(min, Math.min(max, number)));
        }}
      />
    </Field>
  );
}

export function ChoiceField<Value extends string>({
  label,
  value,
  onChange,
  items,
}: Valued<Value> & { items: ReadonlyArray<{ value: Value; label: string }> }) {
  return (
    <Field label={label}>
      <Select items={items} value={value} onValueChange={(next) => onChange(next as Value)} />
    </Field>
  );
}

const sides = ["top", "right", "bottom", "left"] as const;

export function PaddingField({ label, value, onChange, usual }: Valued<Padding | undefined> & { usual: Padding }) {
  const t = useTranslations("editorDoc");
  const now = value ?? usual;
  return (
    <fieldset className="grid grid-cols-4 gap-2">
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      {sides.map((side) => (
        <Field key={side} label={t(`sides.${side}`)}>
          <Input
            type="number"
            min={0}
            max={200}
            className="px-2"
            value={now[side]}
            onChange={(event) =>
              onChange({ ...now, [side]: Math.max(0, Math.min(200, Math.round(Number(event.target.value)) || 0)) })
            }
          />
        </Field>
      ))}
    </fieldset>
  );
}

/** An address. What the document could not keep is shown as wrong and not taken. */
export function AddressField({ label, value, onChange, picture }: Valued<string> & { picture?: boolean }) {
  const t = useTranslations("editorDoc");
  const isSound = (picture ? /^(?:|https?:\/\/.*)$/i : /^(?:|https?:\/\/.*|mailto:.*|tel:.*|unsubscribe)$/i).test(
    value.trim(),
  );
  return (
    <Field label={label} error={isSound ? null : t(picture ? "badPicture" : "badLink")}>
      <Input
        value={value}
        inputMode="url"
        placeholder="https://"
        maxLength={2000}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

/** One line with merge fields in it. */
export function LineField({ label, value, onChange, fields }: Valued<Line> & { fields: readonly FieldChoice[] }) {
  const t = useTranslations("editorDoc");
  const input = useRef<HTMLInputElement>(null);
  const text = lineToText(value);
  const keys = fields.map(({ key }) => key);
  return (
    <div className="flex flex-col gap-1.5">
      <Field label={label}>
        <Input
          ref={input}
          value={text}
          maxLength={1000}
          onChange={(event) => onChange(textToLine(event.target.value, keys))}
        />
      </Field>
      <FieldMenu
        fields={fields}
        onPick={(key) => {
          const at = input.current?.selectionStart ?? text.length;
          onChange(textToLine(`${text.slice(0, at)}{${key}|}${text.slice(at)}`, keys));
        }}
      />
      {value.some((part) => typeof part !== "string") && <p className="text-xs text-muted">{t("lineHint")}</p>}
    </div>
  );
}

export function FieldMenu({ fields, onPick }: { fields: readonly FieldChoice[]; onPick: (key: string) => void }) {
  const t = useTranslations("editor");
  return (
    <Menu
      align="start"
      trigger={
        <Button size="sm" variant="ghost" className="self-start" icon={<Braces aria-hidden="true" />}>
          {t("personalize")}
        </Button>
      }
    >
      {fields.map(({ key, label }) => (
        <MenuItem key={key} onClick={() => onPick(key)}>
          {label}
        </MenuItem>
      ))}
    </Menu>
  );
}

export interface Picture {
  src: string;
  alt: string;
  decorative?: boolean | undefined;
}

/** A picture by its address, and what stands for it where it is not seen. */
export function PictureField({ value, onChange }: { value: Picture; onChange: (changes: Partial<Picture>) => void }) {
  const t = useTranslations("editorDoc");
  const [picking, setPicking] = useState(false);
  return (
    <>
      <AddressField picture label={t("picture")} value={value.src} onChange={(src) => onChange({ src })} />
      <Button size="sm" className="w-fit" icon={<Images aria-hidden="true" />} onClick={() => setPicking(true)}>
        {t("choosePicture")}
      </Button>
      <MediaPicker
        open={picking}
        onClose={() => setPicking(false)}
        onPick={({ src, alt }) => onChange({ src, ...(value.alt === "" && { alt }) })}
      />
      {!value.decorative && (
        <Field label={t("alt")} hint={t("altHint")}>
          <Input value={value.alt} maxLength={500} onChange={(event) => onChange({ alt: event.target.value })} />
        </Field>
      )}
      <Checkbox
        label={t("decorative")}
        checked={value.decorative ?? false}
        onCheckedChange={(checked) => onChange({ decorative: checked || undefined })}
      />
    </>
  );
}
