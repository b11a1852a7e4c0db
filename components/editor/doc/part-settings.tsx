"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { type FoundPart, findPart, setRatio, updateBlock, updateColumn, updateSection } from "#lib/content/doc/edit.ts";
import type { EmailDoc, Footer, Theme } from "#lib/content/doc/email-doc.ts";
import { RichTextEditor } from "../rich-text-editor.tsx";
import { BlockSettings } from "./block-settings.tsx";
import { AddressField, ChoiceField, ColourField, type FieldChoice, NumberField, PaddingField } from "./doc-fields.tsx";
import { layouts } from "./palette.tsx";

import { VisibilityField } from "./visibility-field.tsx";

interface PartSettingsProps {
  doc: EmailDoc;
  selected: string | null;
  fields: readonly FieldChoice[];
  /** `tag`: changes with the same one in a row are one step of undoing. */
  change: (doc: EmailDoc, tag: string) => void;
  select: (id: string) => void;
}

const blockPadding = { top: 0, right: 32, bottom: 20, left: 32 };
const none = { top: 0, right: 0, bottom: 0, left: 0 };

/** The settings of what is selected. */
export function PartSettings({ doc, selected, fields, change, select }: PartSettingsProps) {
  const t = useTranslations("editorDoc");
  if (selected === "footer")
    return (
      <FooterSettings
        footer={doc.footer}
        theme={doc.theme}
        fields={fields}
        change={(footer, name) => change({ ...doc, footer }, `footer/${name}`)}
      />
    );
  const found = selected === null ? null : findPart(doc, selected);
  if (found === null) return <p className="text-sm text-muted">{t("nothingSelected")}</p>;
  const id = selected as string;
  const way = (
    <p className="flex flex-wrap gap-2">
      {found.kind === "block" && found.section.columns.length > 1 && (
        <Button size="sm" variant="ghost" onClick={() => select(found.column.id)}>
          {t("toColumn")}
        </Button>
      )}
      {found.kind !== "section" && (
        <Button size="sm" variant="ghost" onClick={() => select(found.section.id)}>
          {t("toSection")}
        </Button>
      )}
    </p>
  );
  if (found.kind === "block") {
    const { block } = found;
    const put = (changes: object, name: string) => change(updateBlock(doc, id, changes), `${id}/${name}`);
    return (
      <>
        {way}
        <BlockSettings key={id} block={block} theme={doc.theme} fields={fields} change={put} />
        {block.type !== "spacer" && (
          <PaddingField
            label={t("padding")}
            value={block.padding}
            usual={blockPadding}
            onChange={(padding) => put({ padding }, "padding")}
          />
        )}
        {block.type !== "button" && (
          <ColourField
            label={t("background")}
            value={block.background}
            onChange={(background) => put({ background }, "background")}
          />
        )}
        <HideField value={block.hide} onChange={(hide) => put({ hide }, "hide")} />
        <VisibilityField
          value={block.visibility}
          onChange={(visibility) => put({ visibility }, "visibility")}
          fields={fields}
        />
      </>
    );
  }
  if (found.kind === "column") {
    const put = (changes: Parameters<typeof updateColumn>[2], name: string) =>
      change(updateColumn(doc, id, changes), `${id}/${name}`);
    const { column } = found;
    return (
      <>
        {way}
        <PaddingField
          label={t("padding")}
          value={column.padding}
          usual={none}
          onChange={(padding) => put({ padding }, "padding")}
        />
        <ColourField
          label={t("background")}
          value={column.background}
          onChange={(background) => put({ background }, "background")}
        />
        <NumberField
          label={t("radius")}
          value={column.radius}
          min={0}
          max={80}
          onChange={(radius) => put({ radius }, "radius")}
        />
        <ChoiceField
          label={t("vertical")}
          value={column.verticalAlign ?? "top"}
          onChange={(verticalAlign) => put({ verticalAlign }, "vertical")}
          items={(["top", "middle", "bottom"] as const).map((one) => ({ value: one, label: t(`verticals.${one}`) }))}
        />
      </>
    );
  }
  return <SectionSettings doc={doc} found={found} fields={fields} change={change} />;
}

function SectionSettings({
  doc,
  found: { section },
  fields,
  change,
}: Pick<PartSettingsProps, "doc" | "fields" | "change"> & { found: Extract<FoundPart, { kind: "section" }> }) {
  const t = useTranslations("editorDoc");
  const { id } = section;
  const put = (changes: Parameters<typeof updateSection>[2], name: string) =>
    change(updateSection(doc, id, changes), `${id}/${name}`);
  const now = section.ratio.join(":");
  const known = layouts.some((ratio) => ratio.join(":") === now) ? layouts : [...layouts, section.ratio];
  return (
    <>
      <ChoiceField
        label={t("columns")}
        value={now}
        onChange={(text) => change(setRatio(doc, id, text.split(":").map(Number)), `${id}/ratio`)}
        items={known.map((ratio) => ({ value: ratio.join(":"), label: ratio.join(" : ") }))}
      />
      {section.columns.length > 1 && (
        <ChoiceField
          label={t("onPhone")}
          value={section.onPhone ?? "stack"}
          onChange={(onPhone) => put({ onPhone }, "onPhone")}
          items={(["stack", "reverse", "keep"] as const).map((one) => ({ value: one, label: t(`onPhones.${one}`) }))}
        />
      )}
      <ColourField
        label={t("background")}
        value={section.background}
        usual={doc.theme.background}
        onChange={(background) => put({ background }, "background")}
      />
      <AddressField
        picture
        label={t("backgroundPicture")}
        value={section.picture ?? ""}
        onChange={(picture) => put({ picture: picture || undefined }, "picture")}
      />
      <PaddingField
        label={t("padding")}
        value={section.padding}
        usual={{ top: 24, right: 0, bottom: 4, left: 0 }}
        onChange={(padding) => put({ padding }, "padding")}
      />
      <NumberField
        label={t("border")}
        value={section.border?.thickness}
        min={0}
        max={20}
        onChange={(thickness) =>
          put({ border: thickness ? { colour: section.border?.colour ?? "#d9dfda", thickness } : undefined }, "border")
        }
      />
      {section.border && (
        <ColourField
          label={t("borderColour")}
          value={section.border.colour}
          usual={section.border.colour}
          onChange={(colour) =>
            section.border && colour && put({ border: { ...section.border, colour } }, "borderColour")
          }
        />
      )}
      <NumberField
        label={t("radius")}
        value={section.radius}
        min={0}
        max={80}
        onChange={(radius) => put({ radius }, "radius")}
      />
      <Checkbox
        label={t("fullWidthSection")}
        checked={section.fullWidth ?? false}
        onCheckedChange={(on) => put({ fullWidth: on || undefined }, "fullWidth")}
      />
      <HideField value={section.hide} onChange={(hide) => put({ hide }, "hide")} />
      <VisibilityField
        value={section.visibility}
        onChange={(visibility) => put({ visibility }, "visibility")}
        fields={fields}
      />
    </>
  );
}

function HideField({
  value,
  onChange,
}: {
  value: "phone" | "desktop" | undefined;
  onChange: (value: "phone" | "desktop" | undefined) => void;
}) {
  const t = useTranslations("editorDoc");
  return (
    <ChoiceField
      label={t("shownOn")}
      value={value ?? "all"}
      onChange={(next) => onChange(next === "all" ? undefined : next)}
      items={[
        { value: "all", label: t("hides.none") },
        { value: "phone", label: t("hides.phone") },
        { value: "desktop", label: t("hides.desktop") },
      ]}
    />
  );
}

function FooterSettings({
  footer,
  theme,
  fields,
  change,
}: {
  footer: Footer;
  theme: Theme;
  fields: readonly FieldChoice[];
  change: (footer: Footer, name: string) => void;
}) {
  const t = useTranslations("editorDoc");
  const { colour, background, ...rest } = footer;
  const optional = (own: Pick<Footer, "colour" | "background">): Footer => ({
    ...rest,
    ...(own.colour && { colour: own.colour }),
    ...(own.background && { background: own.background }),
  });
  return (
    <>
      <p className="text-sm text-muted">{t("footerHint")}</p>
      <RichTextEditor
        label={t("words")}
        value={footer.content}
        onChange={(content) => change({ ...footer, content }, "content")}
        mergeFields={fields}
      />
      <Field label={t("unsubscribe")}>
        <Input
          value={footer.unsubscribeLabel}
          maxLength={80}
          onChange={(event) => change({ ...footer, unsubscribeLabel: event.target.value }, "unsubscribe")}
        />
      </Field>
      <ChoiceField
        label={t("align")}
        value={footer.align ?? "left"}
        onChange={(align) => change({ ...footer, align }, "align")}
        items={(["left", "center", "right"] as const).map((one) => ({ value: one, label: t(`aligns.${one}`) }))}
      />
      <ColourField
        label={t("colour")}
        value={colour}
        usual="#5d6863"
        onChange={(next) => change(optional({ colour: next, background }), "colour")}
      />
      <ColourField
        label={t("background")}
        value={background}
        usual={theme.pageBackground}
        onChange={(next) => change(optional({ colour, background: next }), "background")}
      />
    </>
  );
}

const fonts = ["sans", "humanist", "serif", "oldstyle", "mono"] as const;

/** What holds for the whole mail. */
export function ThemeSettings({ doc, change }: Pick<PartSettingsProps, "doc" | "change">) {
  const t = useTranslations("editorDoc");
  const { theme } = doc;
  const put = (changes: Partial<Theme>) =>
    change({ ...doc, theme: { ...theme, ...changes } }, `theme/${Object.keys(changes).join()}`);
  const fontItems = fonts.map((font) => ({ value: font, label: t(`fonts.${font}`) }));
  const colour = (name: "pageBackground" | "background" | "text" | "heading" | "link") => (
    <ColourField
      label={t(`theme.${name}`)}
      value={theme[name]}
      usual={theme[name]}
      onChange={(value) => value && put({ [name]: value })}
    />
  );
  const { button } = theme;
  return (
    <>
      <ChoiceField label={t("theme.font")} value={theme.font} onChange={(font) => put({ font })} items={fontItems} />
      <ChoiceField
        label={t("theme.headingFont")}
        value={theme.headingFont}
        onChange={(headingFont) => put({ headingFont })}
        items={fontItems}
      />
      <NumberField
        label={t("theme.textSize")}
        value={theme.textSize}
        min={12}
        max={24}
        onChange={(textSize) => textSize && put({ textSize })}
      />
      <NumberField
        label={t("theme.width")}
        value={theme.width}
        min={320}
        max={800}
        onChange={(width) => width && put({ width })}
      />
      {colour("pageBackground")}
      {colour("background")}
      {colour("text")}
      {colour("heading")}
      {colour("link")}
      <ColourField
        label={t("theme.button")}
        value={button.background}
        usual={button.background}
        onChange={(background) => background && put({ button: { ...button, background } })}
      />
      <ColourField
        label={t("theme.buttonText")}
        value={button.text}
        usual={button.text}
        onChange={(text) => text && put({ button: { ...button, text } })}
      />
      <NumberField
        label={t("theme.buttonRadius")}
        value={button.radius}
        min={0}
        max={40}
        onChange={(radius) => put({ button: { ...button, radius: radius ?? 0 } })}
      />
    </>
  );
}
