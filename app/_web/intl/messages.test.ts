import { readdirSync, readFileSync } from "node:fs";
import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";
import { defaultLocale, locales } from "./locales.ts";

type Messages = { [key: string]: string | Messages };

const folder = new URL("../messages/", import.meta.url);
const filesOf = (locale: string) => readdirSync(new URL(`${locale}/`, folder)).sort();
const messagesOf = (locale: string, file: string) =>
  new Map(flat(JSON.parse(readFileSync(new URL(`${locale}/${file}`, folder), "utf8")) as Messages));

/** Every message with the dotted key that code asks for it by. */
function flat(messages: Messages, prefix = ""): Array<[string, string]> {
  return Object.entries(messages).flatMap(
    ([key, value]): Array<[string, string]> =>
      typeof value === "string" ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  );
}

/** What code has to hand to a message: "count: plural", "reason: select empty no_at", "<time>". Once each, sorted. */
function demands(elements: MessageFormatElement[]): string[] {
  return [...new Set(elements.flatMap(demandsOf))].sort();
}

function demandsOf(element: MessageFormatElement): string[] {
  switch (element.type) {
    case TYPE.literal:
    case TYPE.pound:
      return [];
    case TYPE.argument:
    case TYPE.number:
    case TYPE.date:
    case TYPE.time:
      return [`${element.value}: ${TYPE[element.type]}`];
    case TYPE.select:
      return [`${element.value}: select ${Object.keys(element.options).sort().join(" ")}`, ...inOptions(element)];
    case TYPE.plural:
      return [`${element.value}: plural`, ...inOptions(element)];
    case TYPE.tag:
      return [`<${element.value}>`, ...demands(element.children)];
  }
}

const inOptions = ({ options }: { options: Record<string, { value: MessageFormatElement[] }> }) =>
  Object.values(options).flatMap((option) => demands(option.value));

describe.each(locales)("the messages in %s", (locale) => {
  it("fill the same files as the default language", () => {
    expect(filesOf(locale)).toEqual(filesOf(defaultLocale));
  });

  it.each(filesOf(defaultLocale))("have every key of %s and no other, in the same order", (file) => {
    expect([...messagesOf(locale, file).keys()]).toEqual([...messagesOf(defaultLocale, file).keys()]);
  });

  it.each(filesOf(defaultLocale))("ask code for the same arguments and tags in %s", (file) => {
    const asked = (from: string) =>
      Object.fromEntries([...messagesOf(from, file)].map(([key, message]) => [key, demands(parse(message))]));
    expect(asked(locale)).toEqual(asked(defaultLocale));
  });
});

describe("the quotation marks of German", () => {
  it.each(filesOf("de"))("stand low before and high after in %s", (file) => {
    for (const [key, message] of messagesOf("de", file)) {
      const marks = message.replaceAll(/[^„“”"]/g, "");
      expect(marks, `${key}: ${message}`).toMatch(/^(„“)*$/);
    }
  });
});
