import { parseTemplate, readOutput, readVariables } from "./liquid.ts";
import { ContentError, type ContentProblem, type ProblemWhere } from "./revision.ts";
import { type LiquidNode, readTree } from "./template-tree.ts";

/** A custom field as the editor needs it: the key it is merged by and the name people gave it. */
export type FieldDefinition = { key: string; name: string; type?: string };

/** A merge tag for autocomplete: what is inserted, how it is called, an example, and the group it is shown in. */
export type MergeTag = {
  tag: string;
  label: string;
  group: "subscriber" | "workspace" | "campaign" | "links";
  sample: string;
};

const WORKSPACE_KEYS = ["name", "postal_address"];
const CAMPAIGN_KEYS = ["name", "subject"];

/** The merge tags that content may use, with the given custom fields after the built-in ones. */
export function listMergeTags(fields: readonly FieldDefinition[]): MergeTag[] {
  const builtIn: MergeTag[] = [
    { tag: '{{ subscriber.first_name | default: "there" }}', label: "First name", group: "subscriber", sample: "Ada" },
    { tag: "{{ subscriber.last_name }}", label: "Last name", group: "subscriber", sample: "Lovelace" },
    { tag: "{{ subscriber.email }}", label: "Email address", group: "subscriber", sample: "ada@example.com" },
  ];
  const taken = new Set(["first_name", "last_name", "email"]);
  const custom = fields
    .filter((field) => !taken.has(field.key))
    .map(
      (field): MergeTag => ({
        tag: `{{ ${fieldPath(field.key)} | default: "" }}`,
        label: field.name,
        group: "subscriber",
        sample: sampleFieldValue(field),
      }),
    );
  return [
    ...builtIn,
    ...custom,
    { tag: "{{ workspace.name }}", label: "Organisation name", group: "workspace", sample: "Acme Coffee" },
    {
      tag: "{{ workspace.postal_address }}",
      label: "Postal address",
      group: "workspace",
      sample: "1 Harbour Street, 20457 Hamburg",
    },
    { tag: "{{ campaign.name }}", label: "Campaign name", group: "campaign", sample: "Spring newsletter" },
    { tag: "{{ campaign.subject }}", label: "Subject", group: "campaign", sample: "What is new this spring" },
    { tag: "{{ unsubscribe_url }}", label: "Unsubscribe link", group: "links", sample: "https://example.com/u/…" },
  ];
}

/** A believable value for a custom field, for previews without a real person. */
export function sampleFieldValue(field: FieldDefinition): string {
  switch (field.type) {
    case "number":
      return "42";
    case "date":
      return "2026-03-14";
    case "boolean":
      return "true";
    default:
      return field.name;
  }
}

/** How a template names a field of people. */
export function fieldPath(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `subscriber.${key}` : `subscriber[${JSON.stringify(key)}]`;
}

/** A subscriber field that content uses. `hasFallback` is false when it is printed anywhere without a default. */
export type UsedField = { key: string; hasFallback: boolean };

/** The subscriber fields of several templates, in order of first use. The templates must be sound. */
export function listUsedFields(templates: readonly string[]): UsedField[] {
  const used = new Map<string, boolean>();
  for (const source of templates) {
    for (const use of readVariables(parseTemplate(source))) {
      const key = use.path[1];
      if (use.path[0] === "subscriber" && key && !used.has(key)) used.set(key, true);
    }
    for (const key of printedWithoutFallback(readTree(source), source)) used.set(key, false);
  }
  return [...used].map(([key, hasFallback]) => ({ key, hasFallback }));
}

function printedWithoutFallback(nodes: LiquidNode[], source: string): string[] {
  return nodes.flatMap((node): string[] => {
    if (node.type === "block")
      return node.branches.flatMap((branch) => printedWithoutFallback(branch.children, source));
    if (node.type !== "output") return [];
    const { value, filters } = readOutput(source.slice(node.contentBegin, node.contentEnd));
    const key = subscriberKey(value);
    return key !== null && !filters.some((filter) => filter.name === "default") ? [key] : [];
  });
}

/** The key of `subscriber.key` or `subscriber["key"]`, or null for any other expression. */
export function subscriberKey(expression: string): string | null {
  const match = /^subscriber(?:\.([A-Za-z_][\w-]*)|\[\s*(?:"([^"\\]+)"|'([^'\\]+)')\s*\])$/.exec(expression.trim());
  return match ? (match[1] ?? match[2] ?? match[3] ?? null) : null;
}

/** Refuses names that no mail has, such as a misspelt `subscribr.email`; throws ContentError with line and column. */
export function checkVariables(source: string, where: ProblemWhere): void {
  const problems: ContentProblem[] = [];
  for (const { path, dynamic, line, column } of readVariables(parseTemplate(source, where))) {
    const message = variableProblem(path, dynamic);
    if (message) problems.push({ where, code: "unknown_field", message, line, column });
  }
  if (problems.length > 0) throw new ContentError(problems);
}

function variableProblem(path: string[], dynamic: boolean): string | null {
  const [root = "", key] = path;
  const name = path.join(".");
  switch (root) {
    case "subscriber":
      if (dynamic) return "A subscriber field has to be named directly.";
      return key === undefined ? "Say which field: for example {{ subscriber.first_name }}." : null;
    case "workspace":
      return oneOf(name, key, WORKSPACE_KEYS);
    case "campaign":
      return oneOf(name, key, CAMPAIGN_KEYS);
    case "unsubscribe_url":
      return path.length === 1 ? null : `There is no field ${name}.`;
    default:
      return `There is no field ${name}. Fields of people are written subscriber.name_of_the_field.`;
  }
}

function oneOf(name: string, key: string | undefined, keys: string[]): string | null {
  const root = name.split(".")[0];
  return key !== undefined && keys.includes(key) && name === `${root}.${key}`
    ? null
    : `There is no field ${name}. There are ${keys.map((known) => `${root}.${known}`).join(" and ")}.`;
}
