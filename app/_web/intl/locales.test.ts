import { describe, expect, it } from "vitest";
import { matchLocale } from "./locales.ts";

describe("the language of a request", () => {
  it("is found by its primary tag", () => expect(matchLocale("de-AT,de;q=0.8")).toBe("de"));
  it("is the one that is wanted most", () => expect(matchLocale("fr, de;q=0.5, en;q=0.9")).toBe("en"));
  it("falls back to English where nothing fits", () => {
    expect(matchLocale("tlh,sjn;q=0.5")).toBe("en");
    expect(matchLocale(null)).toBe("en");
    expect(matchLocale(";;q=,,")).toBe("en");
  });
});
