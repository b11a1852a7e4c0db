import { headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { type Locale, locales, matchLocale } from "./locales.ts";

type Messages = { [key: string]: string | Messages };

// One file per namespace, so two people adding pages never edit the same file. The file's name is the namespace.
const files = import.meta.glob<{ default: Messages }>("../messages/*/*.json");

/** All namespaces of one language, as next-intl expects them: `{ [namespace]: { …keys } }`. */
async function loadMessages(locale: Locale): Promise<Messages> {
  const messages: Messages = {};
  for (const [path, load] of Object.entries(files)) {
    if (!path.includes(`/${locale}/`)) continue;
    const name =
      path
        .split("/")
        .at(-1)
        ?.replace(/\.json$/, "") ?? path;
    // Each capability words its own refusals in errors-<capability>.json; readers see one namespace.
    const namespace = name.startsWith("errors-") ? "errors" : name;
    messages[namespace] = merged(messages[namespace] as Messages | undefined, (await load()).default);
  }
  return messages;
}

/** Two files of one namespace; a group of keys that both have (the words of fields) is one group. */
function merged(one: Messages = {}, other: Messages): Messages {
  const result = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const known = result[key];
    result[key] = typeof known === "object" && typeof value === "object" ? merged(known, value) : value;
  }
  return result;
}

export default getRequestConfig(async ({ locale: asked }) => {
  // Public pages speak the subscriber's language and say so; all others follow the browser.
  const locale = locales.find((known) => known === asked) ?? matchLocale((await headers()).get("accept-language"));
  // Pages behind login nest a provider with the workspace's own zone; UTC is only for what stands outside of it.
  return { locale, messages: await loadMessages(locale), timeZone: "UTC" };
});
