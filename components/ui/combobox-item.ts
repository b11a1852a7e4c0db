export interface ComboboxItem {
  value: string;
  label: string;
  hint?: string;
  /** Further words it can be found by. */
  keywords?: string;
}

/** Every typed word has to occur somewhere in the item; accents and case do not matter. */
export function matchesEveryWord(item: ComboboxItem, query: string): boolean {
  const text = fold(`${item.label} ${item.hint ?? ""} ${item.keywords ?? ""}`);
  return fold(query)
    .split(/[\s/_-]+/)
    .every((word) => text.includes(word));
}

function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
