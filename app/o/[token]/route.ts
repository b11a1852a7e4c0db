import { hitOf } from "#app/_web/hit.ts";
import { publicHeaders } from "#app/_web/public-page.ts";
import { unknownLink } from "#app/_web/public-problem.ts";
import { db } from "#lib/db.ts";
import { log } from "#lib/log.ts";
import { readToken } from "#lib/tokens.ts";
import { recordHit } from "#lib/tracking/record.ts";

/** One transparent pixel. */
const gif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

/** An open: the pixel is answered whatever becomes of the recording, so that no mail shows a broken picture. */
export async function GET(request: Request, { params }: RouteContext<"/o/[token]">): Promise<Response> {
  const token = readToken("open", (await params).token);
  if (!token) return unknownLink(request);
  try {
    await recordHit(db(), hitOf(request, token));
  } catch (error) {
    log.error({ err: error }, "an open could not be looked up");
  }
  return new Response(gif, {
    headers: { ...publicHeaders, "content-type": "image/gif", "content-length": String(gif.length) },
  });
}
