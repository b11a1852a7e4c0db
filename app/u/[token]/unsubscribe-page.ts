import { getTranslations } from "next-intl/server";
import { matchLocale } from "#app/_web/intl/locales.ts";
import { escapeHtml, publicPage } from "#app/_web/public-page.ts";
import type { UnsubscribeView } from "#lib/tracking/unsubscribe.ts";

/** The page behind an unsubscribe link: what can be left before, what has been left after. */
export async function unsubscribePage(view: UnsubscribeView | null): Promise<Response> {
  const locale = matchLocale(view?.languages.join(",") ?? null);
  const t = await getTranslations({ locale, namespace: "unsubscribe" });
  const person = view?.person;
  const brand = view?.workspaceName ?? "";
  const page = (title: string, ...body: string[]) => publicPage({ lang: locale, title, brand, body: body.join("\n") });

  if (!person) return page(t("gone.title"), paragraph(t("gone.text")));
  const address = paragraph(t("address", { email: person.email }), "muted");
  const everything = form("everything", t("everything.button"), false);
  if (person.isOffEverything)
    return page(t("everything.doneTitle"), paragraph(t("everything.doneText", { brand })), address);
  if (person.isOff) {
    return page(
      t("done.title"),
      listOf(t("done.text", { count: person.lists.length }), person.lists),
      everything,
      address,
    );
  }
  return page(
    t("ask.title", { brand }),
    listOf(t("ask.text", { count: person.lists.length }), person.lists),
    form("campaign_lists", t("ask.button"), true),
    everything,
    address,
  );
}

function form(scope: string, label: string, isMain: boolean): string {
  // Without an action it goes to its own address, whatever host that is.
  return `<form method="post"><input type="hidden" name="scope" value="${scope}"><button${isMain ? ' class="main"' : ""}>${escapeHtml(label)}</button></form>`;
}

function listOf(text: string, names: string[]): string {
  if (names.length === 0) return paragraph(text);
  return `${paragraph(text)}<ul>${names.map((name) => `<li>${escapeHtml(name)}</li>`).join("")}</ul>`;
}

function paragraph(text: string, look = ""): string {
  return `<p${look ? ` class="${look}"` : ""}>${escapeHtml(text)}</p>`;
}
