import { z } from "zod";
import { fieldPath } from "../fields.ts";
import { liquidString } from "./liquid-text.ts";

/*
 * Who sees a section or a block, without code: rules about a person's fields, of which all or any have to hold.
 */

const rule = z.discriminatedUnion("is", [
  z.strictObject({ field: z.string().min(1).max(60), is: z.enum(["set", "not_set"]) }),
  z.strictObject({
    field: z.string().min(1).max(60),
    is: z.enum(["equal", "not_equal", "contains"]),
    value: z.string().max(200),
  }),
  z.strictObject({ field: z.string().min(1).max(60), is: z.enum(["more", "less"]), value: z.number() }),
]);

export const visibility = z.strictObject({ match: z.enum(["all", "any"]), rules: z.array(rule).min(1).max(10) });
export type Visibility = z.infer<typeof visibility>;

/** The condition of an `{% if … %}`. Liquid has no brackets; all or any of a flat list needs none. */
export function conditionOf({ match, rules }: Visibility): string {
  return rules.map(ruleCondition).join(match === "all" ? " and " : " or ");
}

function ruleCondition(one: z.infer<typeof rule>): string {
  const path = fieldPath(one.field);
  switch (one.is) {
    case "set":
      return `${path} != blank`;
    case "not_set":
      return `${path} == blank`;
    case "equal":
      return `${path} == ${liquidString(one.value)}`;
    case "not_equal":
      return `${path} != ${liquidString(one.value)}`;
    case "contains":
      return `${path} contains ${liquidString(one.value)}`;
    case "more":
      return `${path} > ${one.value}`;
    case "less":
      return `${path} < ${one.value}`;
  }
}
