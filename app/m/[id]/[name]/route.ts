import { buffer } from "node:stream/consumers";
import { tryAgainSoon, unknownLink } from "#app/_web/public-problem.ts";
import { db } from "#lib/db.ts";
import { log } from "#lib/log.ts";
import { findPublicMedia } from "#lib/media/find.ts";
import { storage } from "#lib/storage.ts";

/**
 * A picture in a mail. Its bytes never change under one address, so whoever has it may keep it; no cookie is read or
 * set, and other sites (webmail) may show it.
 */
export async function GET(request: Request, { params }: RouteContext<"/m/[id]/[name]">): Promise<Response> {
  const found = await findPublicMedia(db(), (await params).id);
  if (!found) return unknownLink(request);
  const etag = `"${found.sha256.slice(0, 32)}"`;
  const headers = {
    "cache-control": "public, max-age=31536000, immutable",
    etag,
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
  };
  if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
  try {
    const bytes = await buffer(storage().read(found.storageKey));
    return new Response(new Uint8Array(bytes), { headers: { ...headers, "content-type": found.mediaType } });
  } catch (error) {
    log.error({ err: error }, "a picture could not be read from the storage");
    return tryAgainSoon(request);
  }
}
