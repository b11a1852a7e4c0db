import { clientIp } from "#app/_web/hit.ts";
import { publicHeaders } from "#app/_web/public-page.ts";
import { tryAgainSoon, unknownLink } from "#app/_web/public-problem.ts";
import { db } from "#lib/db.ts";
import { log } from "#lib/log.ts";
import { readToken } from "#lib/tokens.ts";
import { unsubscribeByLink, viewUnsubscribe } from "#lib/tracking/unsubscribe.ts";
import { readForm } from "./read-form.ts";
import { unsubscribePage } from "./unsubscribe-page.ts";

/** Shows what can be left. Link scanners come here too, so it changes nothing. */
export async function GET(request: Request, { params }: RouteContext<"/u/[token]">): Promise<Response> {
  const token = readToken("unsubscribe", (await params).token);
  if (!token) return unknownLink(request);
  try {
    return await unsubscribePage(await viewUnsubscribe(db(), token));
  } catch (error) {
    log.error({ err: error }, "an unsubscribe page could not be shown");
    return tryAgainSoon(request);
  }
}

/**
 * Acts: a button of the page, or a mail program's one-click (RFC 8058), which is answered 200 without a page or a
 * redirect. Needs no cookie; the token is the permission.
 */
export async function POST(request: Request, { params }: RouteContext<"/u/[token]">): Promise<Response> {
  const token = readToken("unsubscribe", (await params).token);
  if (!token) return unknownLink(request);
  const form = await readForm(request);
  if (form === null) return new Response("Too large\n", { status: 413, headers: publicHeaders });
  const scope = form.get("scope") === "everything" ? "everything" : "campaign_lists";
  const method = form.has("scope") ? "unsubscribe_page" : "one_click";
  const userAgent = request.headers.get("user-agent") ?? "";
  try {
    await unsubscribeByLink(db(), token, { scope, method, ipAddress: clientIp(request), userAgent });
    if (method === "one_click")
      return new Response("Unsubscribed\n", {
        headers: { ...publicHeaders, "content-type": "text/plain; charset=utf-8" },
      });
    return await unsubscribePage(await viewUnsubscribe(db(), token));
  } catch (error) {
    log.error({ err: error }, "an opt-out could not be written");
    return tryAgainSoon(request);
  }
}
