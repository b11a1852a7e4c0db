/** Languages the console speaks. A new one is an entry here and a folder beside `messages/en`. */
export const locales = ["en", "de"] as const;

export type Locale = (typeof locales)[number];

export const defaultLocale: Locale = "en";

/** The first supported language of an Accept-Language header, by primary tag ("de-AT" finds "de"); the default if none. */
export function matchLocale(acceptLanguage: string | null): Locale {
  const wanted = (acceptLanguage ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...params] = part.trim().split(";");
      const q = params.map((param) => /^\s*q=([\d.]+)\s*$/.exec(param)?.[1]).find((value) => value !== undefined);
      return { primary: tag.toLowerCase().split("-")[0] ?? "", quality: q === undefined ? 1 : Number(q) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { primary } of wanted) {
    const found = locales.find((locale) => locale === primary);
    if (found) return found;
  }
  return defaultLocale;
}
