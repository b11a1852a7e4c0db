"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Input } from "#components/ui/input.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import type { Block, Theme } from "#lib/content/doc/email-doc.ts";
import { paragraphOf } from "#lib/content/doc/new-parts.ts";
import { RichTextEditor } from "../rich-text-editor.tsx";
import {
  AddressField,
  ChoiceField,
  ColourField,
  type FieldChoice,
  LineField,
  NumberField,
  PictureField,
} from "./doc-fields.tsx";

interface BlockSettingsProps {
  block: Block;
  theme: Theme;
  fields: readonly FieldChoice[];
  /** `name` says which value it is, so that typing in one field is one step of undoing. */
  change: (changes: object, name: string) => void;
}

/** What a block says and how it looks, by its kind. */
export function BlockSettings({ block, theme, fields, change }: BlockSettingsProps) {
  const t = useTranslations("editorDoc");
  const set = (name: string) => (value: unknown) => change({ [name]: value }, name);
  const alignment = (value: "left" | "center" | "right") => (
    <ChoiceField
      label={t("align")}
      value={value}
      onChange={set("align")}
      items={(["left", "center", "right"] as const).map((one) => ({ value: one, label: t(`aligns.${one}`) }))}
    />
  );
  switch (block.type) {
    case "text":
      return (
        <>
          <RichTextEditor label={t("words")} value={block.content} onChange={set("content")} mergeFields={fields} />
          <ColourField label={t("colour")} value={block.colour} usual={theme.text} onChange={set("colour")} />
          <NumberField
            label={t("size")}
            value={block.size}
            usual={theme.textSize}
            min={10}
            max={40}
            onChange={set("size")}
          />
        </>
      );
    case "heading":
      return (
        <>
          <LineField label={t("words")} value={block.content} onChange={set("content")} fields={fields} />
          <ChoiceField
            label={t("level")}
            value={String(block.level)}
            onChange={(level) => change({ level: Number(level) }, "level")}
            items={["1", "2", "3"].map((level) => ({ value: level, label: t("levelOf", { level }) }))}
          />
          {alignment(block.align ?? "left")}
          <ColourField label={t("colour")} value={block.colour} usual={theme.heading} onChange={set("colour")} />
          <NumberField label={t("size")} value={block.size} min={12} max={80} onChange={set("size")} />
        </>
      );
    case "image":
      return (
        <>
          <PictureField value={block} onChange={(changes) => change(changes, Object.keys(changes).join())} />
          <AddressField
            label={t("link")}
            value={block.href ?? ""}
            onChange={(href) => change({ href: href || undefined }, "href")}
          />
          <NumberField label={t("width")} value={block.width} min={8} max={1600} onChange={set("width")} />
          {alignment(block.align ?? "center")}
          <NumberField label={t("radius")} value={block.radius} min={0} max={400} onChange={set("radius")} />
          <Checkbox
            label={t("fluid")}
            checked={block.fluid ?? false}
            onCheckedChange={(fluid) => change({ fluid: fluid || undefined }, "fluid")}
          />
        </>
      );
    case "button":
      return (
        <>
          <LineField label={t("label")} value={block.label} onChange={set("label")} fields={fields} />
          <AddressField label={t("link")} value={block.href} onChange={set("href")} />
          {alignment(block.align ?? "center")}
          <ColourField
            label={t("background")}
            value={block.colour}
            usual={theme.button.background}
            onChange={set("colour")}
          />
          <ColourField
            label={t("colour")}
            value={block.textColour}
            usual={theme.button.text}
            onChange={set("textColour")}
          />
          <NumberField
            label={t("radius")}
            value={block.radius}
            usual={theme.button.radius}
            min={0}
            max={40}
            onChange={set("radius")}
          />
          <Checkbox
            label={t("fullWidth")}
            checked={block.fullWidth ?? false}
            onCheckedChange={(on) => change({ fullWidth: on || undefined }, "fullWidth")}
          />
        </>
      );
    case "divider":
      return (
        <>
          <ColourField label={t("colour")} value={block.colour} usual="#d9dfda" onChange={set("colour")} />
          <NumberField
            label={t("thickness")}
            value={block.thickness}
            usual={1}
            min={1}
            max={20}
            onChange={set("thickness")}
          />
          <ChoiceField
            label={t("line")}
            value={block.line ?? "solid"}
            onChange={set("line")}
            items={(["solid", "dashed", "dotted"] as const).map((one) => ({ value: one, label: t(`lines.${one}`) }))}
          />
          <NumberField label={t("percent")} value={block.width} usual={100} min={5} max={100} onChange={set("width")} />
        </>
      );
    case "spacer":
      return (
        <NumberField
          label={t("height")}
          value={block.height}
          min={1}
          max={300}
          onChange={(height) => height && change({ height }, "height")}
        />
      );
    case "links":
      return (
        <>
          <ChoiceField
            label={t("use")}
            value={block.use}
            onChange={set("use")}
            items={[
              { value: "menu", label: t("uses.menu") },
              { value: "social", label: t("uses.social") },
            ]}
          />
          <Rows
            items={block.items}
            max={12}
            onChange={(items, name) => change({ items }, `items${name}`)}
            make={() => ({ label: t("new.link"), href: "" })}
            row={(item, put, at) => (
              <>
                <Field label={t("linkLabel", { number: at + 1 })}>
                  <Input
                    value={item.label}
                    maxLength={60}
                    onChange={(event) => put({ ...item, label: event.target.value })}
                  />
                </Field>
                <AddressField label={t("link")} value={item.href} onChange={(href) => put({ ...item, href })} />
              </>
            )}
          />
          {alignment(block.align ?? "center")}
          <ColourField label={t("colour")} value={block.colour} usual={theme.link} onChange={set("colour")} />
        </>
      );
    case "product":
      return (
        <>
          <Checkbox
            label={t("withPicture")}
            checked={block.picture !== undefined}
            onCheckedChange={(on) => change({ picture: on ? { src: "", alt: "" } : undefined }, "picture")}
          />
          {block.picture && (
            <PictureField
              value={block.picture}
              onChange={(changes) => {
                const { decorative, ...rest } = { ...block.picture, ...changes };
                change(
                  { picture: decorative ? { ...rest, decorative } : rest },
                  `picture${Object.keys(changes).join()}`,
                );
              }}
            />
          )}
          <LineField label={t("name")} value={block.name} onChange={set("name")} fields={fields} />
          <RichTextEditor
            label={t("words")}
            value={block.text ?? paragraphOf("")}
            onChange={set("text")}
            mergeFields={fields}
          />
          <Field label={t("price")}>
            <Input
              value={block.price ?? ""}
              maxLength={40}
              onChange={(event) => change({ price: event.target.value || undefined }, "price")}
            />
          </Field>
          <Field label={t("oldPrice")}>
            <Input
              value={block.oldPrice ?? ""}
              maxLength={40}
              onChange={(event) => change({ oldPrice: event.target.value || undefined }, "oldPrice")}
            />
          </Field>
          <Checkbox
            label={t("withButton")}
            checked={block.button !== undefined}
            onCheckedChange={(on) =>
              change({ button: on ? { label: [t("new.button")], href: "" } : undefined }, "button")
            }
          />
          {block.button && (
            <>
              <LineField
                label={t("label")}
                value={block.button.label}
                onChange={(label) => change({ button: { ...block.button, label } }, "buttonLabel")}
                fields={fields}
              />
              <AddressField
                label={t("link")}
                value={block.button.href}
                onChange={(href) => change({ button: { ...block.button, href } }, "buttonHref")}
              />
            </>
          )}
          {alignment(block.align ?? "left")}
        </>
      );
    case "video":
      return (
        <>
          <PictureField value={block} onChange={(changes) => change(changes, Object.keys(changes).join())} />
          <AddressField label={t("link")} value={block.href} onChange={set("href")} />
          <Field label={t("label")}>
            <Input
              value={block.label}
              maxLength={100}
              onChange={(event) => change({ label: event.target.value }, "label")}
            />
          </Field>
        </>
      );
    case "list":
      return (
        <>
          <ChoiceField
            label={t("marker")}
            value={block.marker}
            onChange={set("marker")}
            items={(["check", "dot", "number", "arrow"] as const).map((one) => ({
              value: one,
              label: t(`markers.${one}`),
            }))}
          />
          <Rows
            items={block.items}
            max={50}
            onChange={(items, name) => change({ items }, `items${name}`)}
            make={() => ({ content: paragraphOf(t("new.item")) })}
            row={(item, put, at) => (
              <RichTextEditor
                label={t("itemOf", { number: at + 1 })}
                value={item.content}
                onChange={(content) => put({ content })}
                mergeFields={fields}
              />
            )}
          />
          <ColourField
            label={t("markerColour")}
            value={block.markerColour}
            usual={theme.link}
            onChange={set("markerColour")}
          />
        </>
      );
    case "quote":
      return (
        <>
          <RichTextEditor label={t("words")} value={block.content} onChange={set("content")} mergeFields={fields} />
          <LineField label={t("author")} value={block.author} onChange={set("author")} fields={fields} />
          <ColourField label={t("colour")} value={block.colour} usual={theme.link} onChange={set("colour")} />
        </>
      );
    case "html":
      return (
        <Field label="HTML" hint={t("htmlHint")}>
          <Textarea
            rows={12}
            spellCheck={false}
            className="font-mono text-xs"
            value={block.html}
            maxLength={100_000}
            onChange={(event) => change({ html: event.target.value }, "html")}
          />
        </Field>
      );
  }
}

interface RowsProps<Item> {
  items: readonly Item[];
  max: number;
  onChange: (items: Item[], name: string) => void;
  make: () => Item;
  row: (item: Item, put: (item: Item) => void, at: number) => React.ReactNode;
}

/** Things of one kind under each other: one at least. */
function Rows<Item>({ items, max, onChange, make, row }: RowsProps<Item>) {
  const t = useTranslations("editorDoc");
  return (
    <div className="flex flex-col gap-2">
      {items.map((item, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no names and keep their places
        <div key={at} className="flex items-start gap-1 rounded-lg border border-line p-2">
          <div className="flex min-w-0 flex-1 flex-col gap-2">
            {row(item, (next) => onChange(items.with(at, next), String(at)), at)}
          </div>
          {items.length > 1 && (
            <IconButton
              size="sm"
              label={t("removeRow", { number: at + 1 })}
              onClick={() => onChange(items.toSpliced(at, 1), "-")}
            >
              <X aria-hidden="true" />
            </IconButton>
          )}
        </div>
      ))}
      {items.length < max && (
        <Button
          size="sm"
          className="self-start"
          icon={<Plus aria-hidden="true" />}
          onClick={() => onChange([...items, make()], "+")}
        >
          {t("addRow")}
        </Button>
      )}
    </div>
  );
}
