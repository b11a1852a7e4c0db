import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findingCodes } from "#lib/content/doc/finding.ts";
import { listStarters } from "#lib/content/starters.ts";
import { locales } from "./locales.ts";

const read = (locale: string, file: string) =>
  JSON.parse(readFileSync(new URL(`../messages/${locale}/${file}.json`, import.meta.url), "utf8"));

describe.each(locales)("in %s", (locale) => {
  it("every finding of the checks has its words", () =>
    expect(Object.keys(read(locale, "checks").findings).sort()).toEqual([...findingCodes]));

  it("every starter has a name and a description, and every category a name", () => {
    const { names, descriptions, categories } = read(locale, "starters");
    for (const { key, category } of listStarters("en")) {
      expect(names).toHaveProperty(key);
      expect(descriptions).toHaveProperty(key);
      expect(categories).toHaveProperty(category);
    }
    expect(Object.keys(names)).toHaveLength(listStarters("en").length);
  });
});
