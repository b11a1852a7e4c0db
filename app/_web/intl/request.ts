import { headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { type Locale, matchLocale } from "./locales.ts";

type Messages = { [key: string]: string | Messages };

// One file per namespace, so two people adding pages never edit the same file. The file's name is the namespace.
const files = import.meta.glob<{ default: Messages }>("../messages/*/*.json");

/** All namespaces of one language, as next-intl expects them: `{ [namespace]: { …keys } }`. */
async function loadMessages(locale: Locale): Promise<Messages> {
  const entries = await Promise.all(
    Object.entries(files)
      .filter(([path]) => path.includes(`/${locale}/`))
      .map(async ([path, load]) => [
        path
          .split("/")
          .at(-1)
          ?.replace(/\.json$/, "") ?? path,
        (await load()).default,
      ]),
  );
  return Object.fromEntries(entries);
}

export default getRequestConfig(async () => {
  const locale = matchLocale((await headers()).get("accept-language"));
  // Pages behind login nest a provider with the workspace's own zone; UTC is only for what stands outside of it.
  return { locale, messages: await loadMessages(locale), timeZone: "UTC" };
});
