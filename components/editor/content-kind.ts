/** What content is written in: MJML, or a document of the editor (lib/content/doc). */
export type ContentKind = "mjml" | "doc";

/** Content as it is saved. */
export interface EditedContent {
  kind: ContentKind;
  v: 1;
  source: string;
}
