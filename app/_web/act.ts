import { randomBytes } from "node:crypto";
import { unstable_rethrow } from "next/navigation";
import { getTranslations } from "next-intl/server";
import type { z } from "zod";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Refusal } from "#lib/errors.ts";
import { log } from "#lib/log.ts";
import { type Actor, requireActor } from "./actor.ts";
import { type FieldMessage, fieldWords, wordsOf } from "./words.ts";

export type { ActionResult };

/**
 * The shape of every console action: parse, ask who, call one function, answer. Refusals come back in words; a bug is
 * logged under an id that the person can quote, and tells nothing else.
 */
export async function act<S extends z.ZodType, T>(
  schema: S,
  input: unknown,
  run: (actor: Actor, input: z.output<S>) => Promise<T>,
): Promise<ActionResult<T>> {
  const actor = await requireActor();
  return answer(schema, input, (parsed) => run(actor, parsed));
}

/** The same for the few actions that nobody has to be logged in for. */
export async function actPublicly<S extends z.ZodType, T>(
  schema: S,
  input: unknown,
  run: (input: z.output<S>) => Promise<T>,
): Promise<ActionResult<T>> {
  return answer(schema, input, run);
}

async function answer<S extends z.ZodType, T>(
  schema: S,
  input: unknown,
  run: (input: z.output<S>) => Promise<T>,
): Promise<ActionResult<T>> {
  const parsed = schema.safeParse(input instanceof FormData ? fromForm(input) : input);
  if (!parsed.success) {
    const messages: Record<string, FieldMessage> = {};
    for (const issue of parsed.error.issues)
      messages[issue.path.join(".")] ??= { key: keyOf(issue), values: valuesOf(issue) };
    const t = await getTranslations("errors");
    return { ok: false, code: "invalid_input", message: t("invalid_input"), fields: await fieldWords(messages) };
  }
  try {
    return { ok: true, data: await run(parsed.data) };
  } catch (error) {
    unstable_rethrow(error);
    if (error instanceof Refusal) return { ok: false, code: error.code, message: await wordsOf(error) };
    const id = randomBytes(4).toString("hex");
    log.error({ err: error, id }, "an action failed");
    const t = await getTranslations("errors");
    return { ok: false, code: "bug", message: t("bug", { id }) };
  }
}

/** A form's fields as an object; React's own hidden fields ($ACTION_…) are left out. */
function fromForm(form: FormData): Record<string, FormDataEntryValue> {
  return Object.fromEntries([...form.entries()].filter(([name]) => !name.startsWith("$ACTION")));
}

/** zod's own checks have codes, ours carry a key as message. */
function keyOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_small":
    case "too_big":
    case "invalid_type":
    case "invalid_format":
      return /^[a-z_]+$/.test(issue.message) ? issue.message : issue.code;
    default:
      return issue.message;
  }
}

/** What the words of one of our own checks are filled with, such as the bounds of a number. */
function valuesOf(issue: z.core.$ZodIssue): FieldMessage["values"] {
  return issue.code === "custom" ? (issue.params as FieldMessage["values"]) : undefined;
}
