import { withActor } from "#app/_web/route.ts";
import { previewInput } from "#lib/campaigns/input.ts";
import { previewContent } from "#lib/campaigns/preview.ts";
import { db } from "#lib/db.ts";

/** A mail that is being written, as one person would see it. Writes nothing; a POST because content does not fit a URL. */
export const POST = withActor(async ({ scope }, request) => {
  const parsed = previewInput.safeParse(await request.json().catch(() => null));
  if (!parsed.success) return Response.json({ code: "invalid_input" }, { status: 400 });
  const preview = await previewContent(db(), scope, parsed.data);
  return Response.json(preview, { headers: { "cache-control": "private, no-store" } });
});
