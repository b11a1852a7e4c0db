import { Readable } from "node:stream";
import { withActor } from "#app/_web/route.ts";
import { getRejects } from "#lib/audience/import/imports.ts";
import { db } from "#lib/db.ts";
import { NotFound } from "#lib/errors.ts";
import { isId } from "#lib/ids.ts";
import { storage } from "#lib/storage.ts";

/** The refused rows of an import as a CSV file. */
export const GET = withActor<RouteContext<"/api/imports/[id]/refused">>(async ({ scope }, _request, { params }) => {
  const { id } = await params;
  if (!isId(id)) throw new NotFound("import");
  const file = await getRejects(db(), scope, id);
  return new Response(Readable.toWeb(storage().read(file.storageKey)) as ReadableStream, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-length": String(file.bytes),
      "content-disposition": `attachment; filename="refused-rows.csv"; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-store",
    },
  });
});
