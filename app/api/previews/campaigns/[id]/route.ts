import { mailDocument } from "#app/_web/mail-document.ts";
import { withActor } from "#app/_web/route.ts";
import { previewCampaign } from "#lib/campaigns/preview.ts";
import { db } from "#lib/db.ts";
import { NotFound } from "#lib/errors.ts";
import { isId } from "#lib/ids.ts";

/** A stored campaign's mail for a sandboxed frame: `?subscriber=` fills in a person, `?scheme=dark` shows it dark. */
export const GET = withActor(async ({ scope }, request, { params }: RouteContext<"/api/previews/campaigns/[id]">) => {
  const { id } = await params;
  const query = new URL(request.url).searchParams;
  const subscriberId = query.get("subscriber");
  if (!isId(id) || (subscriberId && !isId(subscriberId))) throw new NotFound("campaign");
  const scheme = query.get("scheme") === "dark" ? "dark" : "light";
  const preview = await previewCampaign(db(), scope, id, { subscriberId: subscriberId || null, scheme });
  return mailDocument(preview.ok ? preview.html : "");
});
