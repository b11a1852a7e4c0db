import type { Editor, Range } from "@tiptap/core";

/** A merge field that a letter may hold. */
export interface LetterField {
  field: string;
  label: string;
}

export type InsertKey =
  | "heading1"
  | "heading2"
  | "heading3"
  | "bulletList"
  | "orderedList"
  | "quote"
  | "divider"
  | "picture"
  | "button";

export const insertKeys: readonly InsertKey[] = [
  "heading1",
  "heading2",
  "heading3",
  "bulletList",
  "orderedList",
  "quote",
  "divider",
  "picture",
  "button",
];

/** Puts one piece in where the cursor is, in place of `range` when there is one. */
export function insertPiece(editor: Editor, key: InsertKey, range?: Range): void {
  const chain = range ? editor.chain().focus().deleteRange(range) : editor.chain().focus();
  switch (key) {
    case "heading1":
    case "heading2":
    case "heading3":
      chain.toggleHeading({ level: Number(key.slice(-1)) as 1 | 2 | 3 }).run();
      return;
    case "bulletList":
      chain.toggleBulletList().run();
      return;
    case "orderedList":
      chain.toggleOrderedList().run();
      return;
    case "quote":
      chain.toggleBlockquote().run();
      return;
    case "divider":
      chain.setHorizontalRule().run();
      return;
    case "picture":
    case "button":
      chain.insertContent([{ type: key === "picture" ? "picture" : "mailButton" }, { type: "paragraph" }]).run();
      selectLast(editor, key === "picture" ? "picture" : "mailButton");
      return;
    default:
      key satisfies never;
  }
}

/** The piece that was put in right before the cursor, so that its fields are there to be filled in. */
function selectLast(editor: Editor, type: string): void {
  let found = -1;
  editor.state.doc.nodesBetween(0, editor.state.selection.from, (node, at) => {
    if (node.type.name === type) found = at;
  });
  if (found >= 0) editor.commands.setNodeSelection(found);
}

export function insertField(editor: Editor, { field }: LetterField, range?: Range): void {
  const chain = range ? editor.chain().focus().deleteRange(range) : editor.chain().focus();
  chain.insertContent({ type: "mergeField", attrs: { field, fallback: "" } }).run();
}
