import { mailDocument } from "#app/_web/mail-document.ts";
import { withActor } from "#app/_web/route.ts";
import { previewTemplate } from "#lib/campaigns/preview.ts";
import { db } from "#lib/db.ts";
import { NotFound } from "#lib/errors.ts";
import { isId } from "#lib/ids.ts";

/** A stored template with made-up data, for a sandboxed frame. */
export const GET = withActor(async ({ scope }, _request, { params }: RouteContext<"/api/previews/templates/[id]">) => {
  const { id } = await params;
  if (!isId(id)) throw new NotFound("template");
  const preview = await previewTemplate(db(), scope, id);
  return mailDocument(preview.ok ? preview.html : "");
});
