import { withActor } from "#app/_web/route.ts";
import { db } from "#lib/db.ts";
import { displayHeaders, displayHtml } from "#lib/inbox/display-html.ts";
import { getMail } from "#lib/inbox/read.ts";

/** A mail's HTML, for the sandboxed frame of its page. */
export const GET = withActor(async ({ scope }, request, { params }: RouteContext<"/api/inbox/[id]/html">) => {
  const { parsed } = await getMail(db(), scope, (await params).id);
  const showPictures = new URL(request.url).searchParams.has("pictures");
  return new Response(displayHtml(parsed, showPictures), { headers: displayHeaders(showPictures) });
});
