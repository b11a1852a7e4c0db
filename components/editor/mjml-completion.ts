import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";

/** A merge field as the editor offers it. */
export interface MergeField {
  tag: string;
  label: string;
  sample: string;
}

const elements = [
  ["mj-section", "A row of the mail", "<mj-section>\n  <mj-column>\n    \n  </mj-column>\n</mj-section>"],
  ["mj-column", "A column inside a section", "<mj-column>\n  \n</mj-column>"],
  ["mj-text", "A paragraph", "<mj-text>\n  \n</mj-text>"],
  ["mj-button", "A button with a link", '<mj-button href="https://">\n  \n</mj-button>'],
  ["mj-image", "A picture", '<mj-image src="https://" alt="" />'],
  ["mj-divider", "A line", "<mj-divider />"],
  ["mj-spacer", "Empty space", '<mj-spacer height="20px" />'],
  ["mj-table", "A table", "<mj-table>\n  <tr><td></td></tr>\n</mj-table>"],
  ["mj-social", "Links to networks", '<mj-social mode="horizontal">\n  \n</mj-social>'],
  ["mj-social-element", "One network", '<mj-social-element name="mastodon" href="https://" />'],
  ["mj-hero", "A picture behind text", "<mj-hero>\n  \n</mj-hero>"],
  ["mj-wrapper", "Sections on one ground", "<mj-wrapper>\n  \n</mj-wrapper>"],
  ["mj-group", "Columns that stay beside each other on phones", "<mj-group>\n  \n</mj-group>"],
  ["mj-raw", "HTML as it is", "<mj-raw>\n  \n</mj-raw>"],
  ["mj-style", "Styles", "<mj-style>\n  \n</mj-style>"],
  ["mj-attributes", "Defaults for elements", "<mj-attributes>\n  \n</mj-attributes>"],
] as const;

const attributes = [
  "align",
  "alt",
  "background-color",
  "border",
  "border-radius",
  "color",
  "css-class",
  "font-family",
  "font-size",
  "font-weight",
  "height",
  "href",
  "line-height",
  "padding",
  "src",
  "text-align",
  "title",
  "width",
];

/** Offers merge fields after "{{", elements after "<" and attributes inside a tag. */
export function mjmlCompletion(mergeFields: readonly MergeField[]) {
  return (context: CompletionContext): CompletionResult | null =>
    completeMergeField(context, mergeFields) ?? completeElement(context) ?? completeAttribute(context);
}

function completeMergeField(context: CompletionContext, mergeFields: readonly MergeField[]): CompletionResult | null {
  const typed = context.matchBefore(/\{\{[^{}]*/);
  if (!typed) return null;
  const closing = /^\s*\}\}/.exec(context.state.sliceDoc(context.pos, context.pos + 20))?.[0].length ?? 0;
  const options = mergeFields.map(
    ({ tag, label, sample }): Completion => ({
      label: tag,
      displayLabel: label,
      detail: sample,
      type: "variable",
      apply: (view, _completion, from, to) => {
        view.dispatch({ changes: { from, to: to + closing, insert: tag }, selection: { anchor: from + tag.length } });
      },
    }),
  );
  return { from: typed.from, options, filter: typed.text.trim().length > 2 };
}

function completeElement(context: CompletionContext): CompletionResult | null {
  const typed = context.matchBefore(/<[a-z-]*/);
  if (!typed) return null;
  const indent = /^\s*/.exec(context.state.doc.lineAt(typed.from).text)?.[0] ?? "";
  const options = elements.map(([name, detail, source]): Completion => {
    const text = source.replaceAll("\n", `\n${indent}`);
    return {
      label: `<${name}`,
      displayLabel: name,
      detail,
      type: "type",
      apply: (view, _completion, from, to) => {
        const rest = text.search(/\n\s*(?=\n)|(?<="https:\/\/)(?=")|(?<=alt=")|(?<=<td>)/);
        const inner = /\n(\s*)\n/.exec(text);
        const anchor = inner
          ? from + inner.index + 1 + (inner[1]?.length ?? 0)
          : from + (rest > 0 ? rest : text.length);
        view.dispatch({ changes: { from, to, insert: text }, selection: { anchor } });
      },
    };
  });
  return { from: typed.from, options, validFor: /^<[a-z-]*$/ };
}

function completeAttribute(context: CompletionContext): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  if (!/<mj-[a-z-]+(?:\s+[a-z-]+="[^"]*")*\s+[a-z-]*$/.test(before)) return null;
  const typed = context.matchBefore(/[a-z-]*/);
  if (!typed || (typed.from === typed.to && !context.explicit)) return null;
  const options = attributes.map(
    (name): Completion => ({
      label: name,
      type: "property",
      apply: (view, _completion, from, to) => {
        view.dispatch({ changes: { from, to, insert: `${name}=""` }, selection: { anchor: from + name.length + 2 } });
      },
    }),
  );
  return { from: typed.from, options, validFor: /^[a-z-]*$/ };
}
