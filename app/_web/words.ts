import { getTranslations } from "next-intl/server";
import type { Refusal } from "#lib/errors.ts";

/** A refusal in the reader's language. A code without words says so with the code, so that it can be reported. */
export async function wordsOf(refusal: Refusal): Promise<string> {
  const t = await getTranslations("errors");
  return t.has(refusal.code) ? t(refusal.code, refusal.detail) : t("refused", { code: refusal.code });
}

/** A zod message key ("required", "too_long", …), and what its words are filled with. */
export interface FieldMessage {
  key: string;
  values: Record<string, string | number> | undefined;
}

/** What is wrong with each field, in words. */
export async function fieldWords(messages: Record<string, FieldMessage>): Promise<Record<string, string>> {
  const t = await getTranslations("errors.fields");
  return Object.fromEntries(
    Object.entries(messages).map(([field, { key, values }]) => [field, t.has(key) ? t(key, values) : t("invalid")]),
  );
}
