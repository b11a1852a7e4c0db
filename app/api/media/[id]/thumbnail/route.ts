import { withActor } from "#app/_web/route.ts";
import { db } from "#lib/db.ts";
import { NotFound } from "#lib/errors.ts";
import { isId } from "#lib/ids.ts";
import { getThumbnail } from "#lib/media/find.ts";

/** The small picture that stands in lists. */
export const GET = withActor(async ({ scope }, _request, { params }: RouteContext<"/api/media/[id]/thumbnail">) => {
  const { id } = await params;
  if (!isId(id)) throw new NotFound("media");
  return new Response(new Uint8Array(await getThumbnail(db(), scope, id)), {
    headers: {
      "content-type": "image/webp",
      "cache-control": "private, max-age=86400",
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
    },
  });
});
