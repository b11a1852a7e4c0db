"use client";

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { html } from "@codemirror/lang-html";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { editorTheme } from "./editor-theme.ts";
import { type MergeField, mjmlCompletion } from "./mjml-completion.ts";

/** Something to mark in the source; lines and columns count from 1. */
export interface SourceMark {
  severity: "error" | "warning";
  message: string;
  line?: number | undefined;
  column?: number | undefined;
}

export interface MjmlEditorHandle {
  insert(text: string): void;
  goTo(line: number, column?: number): void;
  replaceAll(text: string): void;
}

interface MjmlEditorProps {
  /** Only the beginning: the editor owns the text while it is open. */
  initialValue: string;
  onChange: (source: string) => void;
  marks: readonly SourceMark[];
  mergeFields: readonly MergeField[];
  label: string;
  readOnly?: boolean;
  ref?: Ref<MjmlEditorHandle>;
}

/** MJML source with line numbers, completion of merge fields and elements, and marks where something is wrong. */
export function MjmlEditor({ initialValue, onChange, marks, mergeFields, label, readOnly, ref }: MjmlEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ onChange, initialValue, mergeFields, label });
  latest.current = { onChange, initialValue, mergeFields, label };
  const writable = useRef(new Compartment());

  useEffect(() => {
    if (!host.current) return;
    const created = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.initialValue,
        extensions: [
          lineNumbers(),
          highlightActiveLineGutter(),
          foldGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          html({ matchClosingTags: true, autoCloseTags: true }),
          EditorState.languageData.of(() => [{ autocomplete: mjmlCompletion(latest.current.mergeFields) }]),
          autocompletion({ icons: false }),
          lintGutter(),
          mergeFieldMarks,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": latest.current.label, spellcheck: "false", tabindex: "0" }),
          // Escape first, then Tab leaves the editor: nobody is caught in it with a keyboard.
          keymap.of([
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...searchKeymap,
            ...historyKeymap,
            ...foldKeymap,
            ...completionKeymap,
            indentWithTab,
          ]),
          writable.current.of(EditorState.readOnly.of(false)),
          editorTheme,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = created;
    return () => {
      view.current = null;
      created.destroy();
    };
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: writable.current.reconfigure(EditorState.readOnly.of(readOnly ?? false)) });
  }, [readOnly]);

  useEffect(() => {
    if (!view.current) return;
    const { state } = view.current;
    view.current.dispatch(
      setDiagnostics(
        state,
        marks.map((mark) => asDiagnostic(state, mark)),
      ),
    );
  }, [marks]);

  useImperativeHandle(ref, () => ({
    insert(text) {
      const { current } = view;
      if (!current) return;
      current.dispatch(current.state.replaceSelection(text));
      current.focus();
    },
    goTo(line, column = 1) {
      const { current } = view;
      if (!current) return;
      const anchor = positionOf(current.state, line, column);
      current.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
      current.focus();
    },
    replaceAll(text) {
      const { current } = view;
      current?.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: text } });
    },
  }));

  return <div ref={host} className="h-full min-h-0 overflow-hidden" />;
}

function positionOf(state: EditorState, line: number, column: number): number {
  const found = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  return Math.min(found.from + Math.max(column, 1) - 1, found.to);
}

function asDiagnostic(state: EditorState, { severity, message, line, column }: SourceMark): Diagnostic {
  const from = positionOf(state, line ?? 1, column ?? 1);
  const to = line === undefined ? from : state.doc.lineAt(from).to;
  return { from, to: Math.max(from, to), severity, message };
}

const liquid = new MatchDecorator({
  regexp: /\{\{.*?\}\}|\{%.*?%\}/g,
  decoration: Decoration.mark({ class: "cm-mergeField" }),
});

const mergeFieldMarks = ViewPlugin.fromClass(
  class {
    decorations;
    constructor(view: EditorView) {
      this.decorations = liquid.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = liquid.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
