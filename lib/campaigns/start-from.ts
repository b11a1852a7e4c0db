import type { Scope } from "../auth/scope.ts";
import { getWorkspace } from "../auth/workspaces.ts";
import type { ContentSource } from "../content/revision.ts";
import { findStarter } from "../content/starters.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";
import { getTemplate } from "./find-template.ts";
import type { StartFrom } from "./input.ts";

/** The content that a new template or campaign begins with. Throws NotFound for what is not there or not theirs. */
export async function contentToStartFrom(db: Db, scope: Scope, from: StartFrom): Promise<ContentSource> {
  if (from.kind === "template") return (await getTemplate(db, scope, from.templateId)).content;
  const starter = findStarter(from.starterId, (await getWorkspace(db, scope)).language);
  if (!starter) throw new NotFound("starter");
  return starter.content;
}
