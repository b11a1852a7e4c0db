import { hitOf } from "#app/_web/hit.ts";
import { publicHeaders } from "#app/_web/public-page.ts";
import { tryAgainSoon, unknownLink } from "#app/_web/public-problem.ts";
import { db } from "#lib/db.ts";
import { log } from "#lib/log.ts";
import { readToken } from "#lib/tokens.ts";
import { recordHit } from "#lib/tracking/record.ts";

/** A click: recorded, then sent on to the link as it was frozen at launch. Nothing in the address names a target. */
export async function GET(request: Request, { params }: RouteContext<"/c/[token]">): Promise<Response> {
  const token = readToken("click", (await params).token);
  if (!token) return unknownLink(request);
  try {
    const { url } = await recordHit(db(), hitOf(request, token));
    if (url === null) return unknownLink(request);
    return new Response(null, { status: 302, headers: { ...publicHeaders, location: url } });
  } catch (error) {
    log.error({ err: error }, "a click could not be looked up");
    return tryAgainSoon(request);
  }
}
