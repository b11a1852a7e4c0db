"use client";

import { DndContext } from "@dnd-kit/core";
import {
  Eye,
  Keyboard,
  ListChecks,
  Monitor,
  Palette as PaletteIcon,
  Plus,
  Redo2,
  Settings2,
  Smartphone,
  Undo2,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import {
  duplicatePart,
  findPart,
  insertBlock,
  insertSection,
  moveBlock,
  moveSection,
  placeAfter,
  removePart,
  sectionPlaceAfter,
  stepPart,
} from "#lib/content/doc/edit.ts";
import type { BlockType, EmailDoc } from "#lib/content/doc/email-doc.ts";
import { advance, beginHistory, type History, redo, undo } from "#lib/content/doc/history.ts";
import { lineToText } from "#lib/content/doc/line-text.ts";
import { type NewWords, newBlock, newSection } from "#lib/content/doc/new-parts.ts";
import { CheckPanel } from "../checks/check-panel.tsx";
import type { MergeField } from "../mjml-completion.ts";
import type { Person } from "../person-picker.tsx";
import { PreviewPane } from "../preview-pane.tsx";
import { usePreview } from "../use-preview.ts";
import { Canvas, type PartAction } from "./canvas.tsx";
import type { FieldChoice } from "./doc-fields.tsx";
import type { Boxes } from "./measure.ts";
import { Palette } from "./palette.tsx";
import { PartSettings, ThemeSettings } from "./part-settings.tsx";
import { type Drop, useCanvasDrag } from "./use-canvas-drag.ts";
import { useDocCanvas } from "./use-doc-canvas.ts";

interface DocEditorProps {
  source: string;
  onChange: (source: string) => void;
  name: string;
  subject: string;
  preheader: string;
  mergeFields: readonly MergeField[];
  /** False for a template, which has no subject and no preview text. */
  hasEnvelope?: boolean;
  onRendered?: (line: { subject: string; preheader: string }) => void;
}

type Panel = "add" | "settings" | "theme" | "checks";
const shortcuts = ["Tab", "Enter", "Esc", "Alt ↑ ↓", "Ctrl D", "Del", "Ctrl Z", "Ctrl Shift Z", "?"] as const;

/** A mail of sections and blocks, edited where it is seen. */
export function DocEditor(props: DocEditorProps) {
  const t = useTranslations("editorDoc");
  const [start] = useState(() => readStored(props.source));
  if (start === null) return <Callout tone="danger">{t("unreadable")}</Callout>;
  return <Editor {...props} start={start} />;
}

/** The server reads strictly; here only a newer version or a broken copy is kept out. */
function readStored(source: string): EmailDoc | null {
  try {
    const doc = JSON.parse(source) as EmailDoc;
    return doc.v === 1 && Array.isArray(doc.sections) && typeof doc.footer === "object" ? doc : null;
  } catch {
    return null;
  }
}

function Editor(props: DocEditorProps & { start: EmailDoc }) {
  const { start, onChange, name, subject, preheader, mergeFields, hasEnvelope = true, onRendered } = props;
  const t = useTranslations("editorDoc");
  const [history, setHistory] = useState<History<EmailDoc>>(() => beginHistory(start));
  const [selected, setSelected] = useState<string | null>(null);
  const [panel, setPanel] = useState<Panel>("add");
  const [sheetOpen, setSheetOpen] = useState(false);
  const [view, setView] = useState<"desktop" | "phone" | "preview">("desktop");
  const [help, setHelp] = useState(false);
  const [said, setSaid] = useState("");
  const [boxes, setBoxes] = useState<Boxes>(new Map());
  const [scheme, setScheme] = useState<"light" | "dark">("light");
  const [person, setPerson] = useState<Person | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLDivElement>(null);
  const focusNext = useRef<string | null>(null);
  const isWide = useIsWide();
  const doc = history.present;
  const source = useMemo(() => JSON.stringify(doc), [doc]);
  const canvas = useDocCanvas(source);
  const preview = usePreview({
    kind: "doc",
    source,
    name,
    subject,
    preheader,
    subscriberId: person?.id ?? null,
    scheme,
  });
  const fields = useMemo(() => fieldChoices(mergeFields), [mergeFields]);
  const problems = canvas.problems.length > 0 ? canvas.problems : preview.problems;
  const problemParts = useMemo(() => new Set(problems.flatMap(({ part }) => part ?? [])), [problems]);

  const told = useRef({ onChange, onRendered });
  told.current = { onChange, onRendered };
  const lastTold = useRef(source);
  useEffect(() => {
    if (source === lastTold.current) return;
    lastTold.current = source;
    told.current.onChange(source);
  }, [source]);
  useEffect(() => {
    const { rendered } = preview;
    if (rendered) told.current.onRendered?.({ subject: rendered.subject, preheader: rendered.preheader });
  }, [preview]);

  useEffect(() => {
    const id = focusNext.current;
    const target = id && area.current?.querySelector<HTMLElement>(`[data-part="${CSS.escape(id)}"]`);
    if (!target || !boxes.has(id)) return;
    focusNext.current = null;
    target.focus();
  }, [boxes]);

  const change = useCallback((next: EmailDoc, tag: string | null) => {
    setHistory((before) => advance(before, next, tag, Date.now()));
  }, []);

  function apply(next: EmailDoc, words: string, select: string | null) {
    if (next === doc) return setSaid(t("said.nothing"));
    change(next, null);
    setSaid(words);
    setSelected(select);
    focusNext.current = select;
  }

  const words: NewWords = {
    text: t("new.text"),
    heading: t("new.heading"),
    button: t("new.button"),
    product: t("new.product"),
    price: t("new.price"),
    quote: t("new.quote"),
    author: t("new.author"),
    item: t("new.item"),
    link: t("new.link"),
    video: t("new.video"),
  };

  function nameOf(id: string): string {
    if (id === "footer") return t("footer");
    const found = findPart(doc, id);
    if (!found) return "";
    if (found.kind === "section") return t("sectionOf", { number: found.at + 1 });
    if (found.kind === "column") return t("columnOf", { number: found.at + 1, section: found.sectionAt + 1 });
    const { block } = found;
    const text =
      block.type === "heading" ? lineToText(block.content) : block.type === "button" ? lineToText(block.label) : "";
    return text ? `${t(`kinds.${block.type}`)}: ${text}` : t(`kinds.${block.type}`);
  }

  function addBlock(type: BlockType, place = placeAfter(doc, selected)) {
    const block = newBlock(type, words);
    const next = place
      ? insertBlock(doc, block, place)
      : insertSection(doc, newSection([1], block), doc.sections.length);
    apply(next, t("said.added", { what: t(`kinds.${type}`) }), block.id);
    if (next !== doc) setPanel("settings");
  }

  function addSection(ratio: readonly number[], at = sectionPlaceAfter(doc, selected)) {
    const section = newSection(ratio);
    apply(
      insertSection(doc, section, at),
      t("said.added", { what: t("section") }),
      section.columns[0]?.id ?? section.id,
    );
  }

  function drop(dropped: Drop) {
    if ("place" in dropped) {
      const { dragged, place } = dropped;
      if (dragged.kind === "new-block") addBlock(dragged.type, place);
      else apply(moveBlock(doc, dragged.id, place), t("said.moved", { what: nameOf(dragged.id) }), dragged.id);
    } else {
      const { dragged, at } = dropped;
      if (dragged.kind === "new-section") addSection(dragged.ratio, at);
      else apply(moveSection(doc, dragged.id, at), t("said.moved", { what: nameOf(dragged.id) }), dragged.id);
    }
  }
  const drag = useCanvasDrag(area, doc, boxes, drop);

  function openSettings(id: string) {
    setSelected(id);
    setPanel("settings");
    if (!isWide) setSheetOpen(true);
    else
      setTimeout(() =>
        root.current?.querySelector<HTMLElement>("aside :is(input, textarea, [role=combobox])")?.focus(),
      );
  }

  function act(id: string, action: PartAction) {
    if (action === "settings") return openSettings(id);
    if (id === "footer") return;
    const what = nameOf(id);
    if (action === "remove") {
      const order = [...(area.current?.querySelectorAll<HTMLElement>("[data-part]") ?? [])].map(
        (e) => e.dataset.part ?? "",
      );
      const next = removePart(doc, id);
      const at = order.indexOf(id);
      const neighbour = [...order.slice(at + 1), ...order.slice(0, at).reverse()].find(
        (one) => one === "footer" || findPart(next, one),
      );
      return apply(next, t("said.removed", { what }), neighbour ?? null);
    }
    if (action === "duplicate") {
      const copy = duplicatePart(doc, id);
      return apply(copy.doc, t("said.duplicated", { what }), copy.id);
    }
    apply(stepPart(doc, id, action === "up" ? -1 : 1), t("said.moved", { what }), id);
  }

  function partKey(event: KeyboardEvent, id: string) {
    const control = event.ctrlKey || event.metaKey;
    const action: PartAction | null =
      event.key === "Enter"
        ? "settings"
        : event.altKey && event.key === "ArrowUp"
          ? "up"
          : event.altKey && event.key === "ArrowDown"
            ? "down"
            : control && event.key.toLowerCase() === "d"
              ? "duplicate"
              : event.key === "Delete" || event.key === "Backspace"
                ? "remove"
                : null;
    if (action === null) return;
    event.preventDefault();
    act(id, action);
  }

  const walk = useCallback(
    (step: typeof undo) => {
      setHistory((before) => step(before));
      setSaid(t(step === undo ? "said.undone" : "said.redone"));
    },
    [t],
  );

  function anyKey(event: KeyboardEvent | globalThis.KeyboardEvent) {
    const target = event.target as HTMLElement;
    // Formatted text has its own keys, undo among them.
    if (target.isContentEditable) return;
    const isTyping = target.matches?.("input, textarea, select");
    if ((event.ctrlKey || event.metaKey) && !event.altKey && /^[zy]$/i.test(event.key)) {
      event.preventDefault();
      walk(event.shiftKey || event.key.toLowerCase() === "y" ? redo : undo);
    } else if (event.key === "?" && !isTyping) {
      event.preventDefault();
      setHelp(true);
    } else if (event.key === "Escape" && selected && !target.closest("[role=dialog]")) {
      if (target.closest("aside"))
        area.current?.querySelector<HTMLElement>(`[data-part="${CSS.escape(selected)}"]`)?.focus();
      else setSelected(null);
    }
  }
  const keys = useRef(anyKey);
  keys.current = anyKey;
  useEffect(() => {
    const atPage = (event: globalThis.KeyboardEvent) => {
      if (event.target === document.body) keys.current(event);
    };
    window.addEventListener("keydown", atPage);
    return () => window.removeEventListener("keydown", atPage);
  }, []);

  const content = (
    <div className="flex flex-col gap-4">
      {panel === "checks" && (
        <CheckPanel
          doc={doc}
          lines={hasEnvelope ? { subject, preheader } : null}
          sizeBytes={preview.rendered?.sizeBytes ?? null}
          onFix={(next) => apply(next, t("said.mended"), null)}
          onShow={(id) => {
            if (id === "footer" || findPart(doc, id)) openSettings(id);
            // Subject and preview text are fields of the page.
            else document.querySelector<HTMLElement>(`[data-line="${CSS.escape(id)}"]`)?.focus();
          }}
        />
      )}
      {panel === "add" && (
        <Palette
          onBlock={(type) => {
            setSheetOpen(false);
            addBlock(type);
          }}
          onLayout={(ratio) => {
            setSheetOpen(false);
            addSection(ratio);
          }}
        />
      )}
      {panel === "settings" && (
        <>
          {selected && <h3 className="font-medium">{nameOf(selected)}</h3>}
          {problems
            .filter(({ part }) => part !== undefined && part === selected)
            .map(({ message }) => (
              <Callout key={message} tone="danger" live>
                {message}
              </Callout>
            ))}
          <PartSettings doc={doc} selected={selected} fields={fields} change={change} select={setSelected} />
        </>
      )}
      {panel === "theme" && <ThemeSettings doc={doc} change={change} />}
    </div>
  );
  const panels = [
    { value: "add" as const, label: t("panels.add"), icon: <Plus aria-hidden="true" /> },
    { value: "settings" as const, label: t("panels.settings"), icon: <Settings2 aria-hidden="true" /> },
    { value: "theme" as const, label: t("panels.theme"), icon: <PaletteIcon aria-hidden="true" /> },
    { value: "checks" as const, label: t("panels.checks"), icon: <ListChecks aria-hidden="true" /> },
  ];

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys for everything inside, each of which has its own role
    <div
      ref={root}
      onKeyDown={anyKey}
      className="flex flex-col overflow-clip rounded-xl border border-line bg-surface shadow-xs"
    >
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        <SegmentedControl
          label={t("view")}
          value={view}
          onValueChange={setView}
          iconsOnly
          items={[
            { value: "desktop", label: t("views.desktop"), icon: <Monitor aria-hidden="true" /> },
            { value: "phone", label: t("views.phone"), icon: <Smartphone aria-hidden="true" /> },
            { value: "preview", label: t("views.preview"), icon: <Eye aria-hidden="true" /> },
          ]}
        />
        <IconButton label={t("undo")} disabled={history.past.length === 0} onClick={() => walk(undo)}>
          <Undo2 aria-hidden="true" />
        </IconButton>
        <IconButton label={t("redo")} disabled={history.future.length === 0} onClick={() => walk(redo)}>
          <Redo2 aria-hidden="true" />
        </IconButton>
        <IconButton label={t("shortcuts")} onClick={() => setHelp(true)}>
          <Keyboard aria-hidden="true" />
        </IconButton>
        {!isWide &&
          panels.map(({ value, label, icon }) => (
            <Button
              key={value}
              size="sm"
              icon={icon}
              onClick={() => {
                setPanel(value);
                setSheetOpen(true);
              }}
            >
              {label}
            </Button>
          ))}
        {preview.rendered && (
          <span className="tabular ml-auto text-sm text-muted">
            {t("kilobytes", { kilobytes: Math.max(1, Math.round(preview.rendered.sizeBytes / 1024)) })}
          </span>
        )}
      </div>
      {canvas.offline && <p className="px-4 py-2 text-sm text-warning-text">{t("offline")}</p>}
      {problems.length > 0 && (
        <ul aria-live="polite" className="border-b border-line px-4 py-2 text-sm text-danger-text">
          {problems.map(({ message, part }) => (
            <li key={`${part}${message}`} className="flex gap-3">
              <span className="min-w-0 flex-1">{message}</span>
              {part && (
                <button type="button" className="link shrink-0" onClick={() => openSettings(part)}>
                  {t("showPart")}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {view === "preview" ? (
        <div className="flex h-[70vh]">
          <PreviewPane
            preview={preview}
            scheme={scheme}
            onSchemeChange={setScheme}
            person={person}
            onPersonChange={setPerson}
          />
        </div>
      ) : (
        <DndContext {...drag.handlers}>
          <div className="flex min-h-[32rem] items-stretch">
            <section aria-label={t("canvas")} className="min-w-0 flex-1 bg-sunken p-3 sm:p-4">
              <Canvas
                area={area}
                doc={doc}
                html={canvas.html}
                boxes={boxes}
                onMeasured={setBoxes}
                selected={selected}
                onSelect={(id) => {
                  setSelected(id);
                  setPanel("settings");
                }}
                onAction={act}
                onKey={partKey}
                dropLine={drag.line}
                dragging={drag.dragging !== null}
                problemParts={problemParts}
                nameOf={nameOf}
                phone={view === "phone"}
              />
            </section>
            {isWide && (
              <aside
                aria-label={t("panel")}
                className="sticky top-0 max-h-[calc(100dvh-1rem)] w-80 shrink-0 self-start overflow-y-auto border-l border-line p-4"
              >
                <SegmentedControl
                  label={t("panel")}
                  value={panel}
                  onValueChange={setPanel}
                  items={panels}
                  iconsOnly
                  className="mb-4"
                />
                {content}
              </aside>
            )}
          </div>
          {!isWide && (
            <Sheet title={t(`panels.${panel}`)} side="bottom" open={sheetOpen} onOpenChange={setSheetOpen}>
              {content}
            </Sheet>
          )}
        </DndContext>
      )}
      <p role="status" className="sr-only" data-said>
        {said}
      </p>
      <Dialog title={t("shortcuts")} open={help} onOpenChange={setHelp}>
        <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 text-sm">
          {shortcuts.map((keysOf, at) => (
            <div key={keysOf} className="contents">
              <dt>
                <Kbd>{keysOf}</Kbd>
              </dt>
              <dd>{t(`shortcut.${at}`)}</dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </div>
  );
}

/** The fields of people among all that can be merged. */
function fieldChoices(mergeFields: readonly MergeField[]): FieldChoice[] {
  return mergeFields.flatMap(({ tag, label }) => {
    const match = /\{\{\s*subscriber(?:\.(\w+)|\["([^"]+)"\])/.exec(tag);
    const key = match?.[1] ?? match?.[2];
    return key ? [{ key, label }] : [];
  });
}

/** Whether there is room for settings beside the mail. */
function useIsWide(): boolean {
  const [isWide, setIsWide] = useState(true);
  useEffect(() => {
    const query = window.matchMedia("(min-width: 1024px)");
    const update = () => setIsWide(query.matches);
    update();
    query.addEventListener("change", update);
    return () => query.removeEventListener("change", update);
  }, []);
  return isWide;
}
