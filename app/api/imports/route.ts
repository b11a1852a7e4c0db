import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { withActor } from "#app/_web/route.ts";
import { uploadImport } from "#lib/audience/import/upload.ts";
import { config } from "#lib/config.ts";
import { db } from "#lib/db.ts";
import { Refusal } from "#lib/errors.ts";
import { storage } from "#lib/storage.ts";

/**
 * Takes the file itself as the body, streamed into the storage, its name URI-encoded in x-file-name. A header that only
 * our own pages can send keeps other sites' forms out. Answers { id }.
 */
export const POST = withActor(async ({ scope }, request) => {
  const fileName = decode(request.headers.get("x-file-name"));
  const maxBytes = config().IMPORT_MAX_BYTES;
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) {
    throw new Refusal("storage.too_large", { maxBytes });
  }
  const content = request.body ? Readable.fromWeb(request.body as ReadableStream<Uint8Array>) : Readable.from([]);
  // Whoever reads it hears of a line that broke; while nobody does, it must not become an uncaught exception.
  content.on("error", () => undefined);
  return Response.json(await uploadImport(db(), scope, storage(), { fileName, content, maxBytes }), { status: 201 });
});

function decode(header: string | null): string {
  if (header === null) throw new Refusal("not_found", { what: "x-file-name" });
  try {
    return decodeURIComponent(header);
  } catch {
    return "";
  }
}
