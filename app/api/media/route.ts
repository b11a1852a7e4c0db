import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { withActor } from "#app/_web/route.ts";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { Refusal } from "#lib/errors.ts";
import { uploadMedia } from "#lib/media/add.ts";
import { listMedia, listMediaTags } from "#lib/media/find.ts";
import { mediaQuery } from "#lib/media/input.ts";
import { mediaLimits } from "#lib/media/limits.ts";
import { storage } from "#lib/storage.ts";

/** The library, for the dialog that editors pick from. */
export const GET = withActor(async ({ scope }, request) => {
  const query = mediaQuery.parse(Object.fromEntries(new URL(request.url).searchParams));
  const found = await listMedia(db(), scope, query);
  const { maxBytes } = mediaLimits();
  const answer = { ...found, tags: await listMediaTags(db(), scope), maxBytes, mayWrite: may(scope, "write") };
  return Response.json(answer, { headers: { "cache-control": "private, no-store" } });
});

/**
 * Takes a picture as the body, its name URI-encoded in x-file-name: a header that only our own pages can send keeps
 * other sites' forms out. Answers the picture.
 */
export const POST = withActor(async ({ scope }, request) => {
  const limits = mediaLimits();
  const fileName = decode(request.headers.get("x-file-name"));
  if (Number(request.headers.get("content-length") ?? 0) > limits.maxBytes)
    throw new Refusal("storage.too_large", { maxBytes: limits.maxBytes });
  const content = request.body ? Readable.fromWeb(request.body as ReadableStream<Uint8Array>) : Readable.from([]);
  // Whoever reads it hears of a line that broke; while nobody does, it must not become an uncaught exception.
  content.on("error", () => undefined);
  return Response.json(await uploadMedia(db(), scope, storage(), { fileName, content }, limits), { status: 201 });
});

function decode(header: string | null): string {
  if (header === null) throw new Refusal("not_found", { what: "x-file-name" });
  try {
    return decodeURIComponent(header);
  } catch {
    return "";
  }
}
