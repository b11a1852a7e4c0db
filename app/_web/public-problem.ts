import { getTranslations } from "next-intl/server";
import { matchLocale } from "./intl/locales.ts";
import { escapeHtml, publicPage } from "./public-page.ts";

/** 404 for a link that this installation did not make, or whose mail is gone: never a redirect. */
export async function unknownLink(request: Request): Promise<Response> {
  return problem(request, "unknown", 404);
}

/** 503 when the database is away: the link is fine, the moment is not. */
export async function tryAgainSoon(request: Request): Promise<Response> {
  return problem(request, "later", 503, { "retry-after": "10" });
}

async function problem(request: Request, key: "unknown" | "later", status: number, headers = {}): Promise<Response> {
  const locale = matchLocale(request.headers.get("accept-language"));
  const t = await getTranslations({ locale, namespace: "unsubscribe" });
  const body = `<p>${escapeHtml(t(`${key}.text`))}</p>`;
  return publicPage({ lang: locale, title: t(`${key}.title`), body }, status, headers);
}
