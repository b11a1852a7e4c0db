import { withActor } from "#app/_web/route.ts";
import { db } from "#lib/db.ts";
import { Refusal } from "#lib/errors.ts";
import { addMediaFromAddress } from "#lib/media/add.ts";
import { mediaFromAddressInput } from "#lib/media/input.ts";
import { mediaLimits } from "#lib/media/limits.ts";
import { storage } from "#lib/storage.ts";

/** Fetches a picture from the web into the library. Answers the picture. */
export const POST = withActor(async ({ scope }, request) => {
  // A form of another site cannot send this type.
  if (!request.headers.get("content-type")?.startsWith("application/json"))
    throw new Refusal("not_found", { what: "content-type" });
  const parsed = mediaFromAddressInput.safeParse(await request.json().catch(() => null));
  if (!parsed.success) throw new Refusal("fetch.bad_address");
  return Response.json(await addMediaFromAddress(db(), scope, storage(), parsed.data, mediaLimits()), { status: 201 });
});
