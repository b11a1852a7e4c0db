import { mailDocument } from "#app/_web/mail-document.ts";
import { withActor } from "#app/_web/route.ts";
import { previewStarter } from "#lib/campaigns/preview.ts";
import { db } from "#lib/db.ts";

/** A starter with the workspace's name and made-up data, for a sandboxed frame. */
export const GET = withActor(async ({ scope }, _request, { params }: RouteContext<"/api/previews/starters/[key]">) => {
  const preview = await previewStarter(db(), scope, (await params).key);
  return mailDocument(preview.ok ? preview.html : "");
});
