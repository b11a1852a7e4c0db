import { describe, expect, it } from "vitest";
import { matchesEveryWord } from "./combobox-item.ts";

const saoPaulo = { value: "America/Sao_Paulo", label: "America/São Paulo", hint: "UTC−3", keywords: "Brazil" };

describe("finding an item by typing", () => {
  it("ignores accents and case", () => expect(matchesEveryWord(saoPaulo, "sao PAULO")).toBe(true));
  it("takes the words in any order", () => expect(matchesEveryWord(saoPaulo, "paulo america")).toBe(true));
  it("reads slashes and underscores as gaps", () => expect(matchesEveryWord(saoPaulo, "America/Sao_Paulo")).toBe(true));
  it("looks into hint and keywords", () => expect(matchesEveryWord(saoPaulo, "brazil utc")).toBe(true));
  it("wants every word", () => expect(matchesEveryWord(saoPaulo, "america tokyo")).toBe(false));
  it("shows everything before anything is typed", () => expect(matchesEveryWord(saoPaulo, "")).toBe(true));
});
