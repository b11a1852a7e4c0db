import { withActor } from "#app/_web/route.ts";
import { canvasInput } from "#lib/campaigns/input.ts";
import { previewCanvas } from "#lib/campaigns/preview.ts";
import { db } from "#lib/db.ts";

/** A document that is being edited, as the editor's canvas shows it. Writes nothing; a POST because it does not fit a URL. */
export const POST = withActor(async ({ scope }, request) => {
  const parsed = canvasInput.safeParse(await request.json().catch(() => null));
  if (!parsed.success) return Response.json({ code: "invalid_input" }, { status: 400 });
  const canvas = await previewCanvas(db(), scope, parsed.data.source);
  return Response.json(canvas, { headers: { "cache-control": "private, no-store" } });
});
