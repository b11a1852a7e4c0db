/**
 * Words that stand for pieces of Liquid while a parser of HTML or MJML reads a mail. They are made of small letters and
 * digits, so they survive as text, as attribute values and in addresses.
 */
export type Placeholders = {
  word(index: number): string;
  /** Matches any of the words; group 1 is the index. Global, so use it with replace and matchAll. */
  pattern: RegExp;
};

/** Placeholders whose words do not occur in any of the given texts. */
export function createPlaceholders(kind: string, ...texts: string[]): Placeholders {
  let salt = 0;
  const stem = () => `zq${kind}${salt}x`;
  while (texts.some((text) => text.toLowerCase().includes(stem()))) salt += 1;
  const prefix = stem();
  return { word: (index) => `${prefix}${index}z`, pattern: new RegExp(`${prefix}(\\d+)z`, "g") };
}
