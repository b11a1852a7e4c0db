import { cleanText, type Landing, landValue } from "./escape.ts";
import { subscriberKey } from "./fields.ts";
import { parseTemplate, readOutput, renderTemplate } from "./liquid.ts";
import { encodeCharacters, foldLine } from "./quoted-printable.ts";
import { mailScope, type SharedData } from "./render.ts";
import { type LiquidBlock, type LiquidNode, readTree } from "./template-tree.ts";
import { type FilterArgument, valueFilters } from "./value-filters.ts";

/** Where a hole's value comes from. */
export type Slot =
  | { from: "subscriber"; key: string }
  | { from: "click"; link: number }
  | { from: "open" }
  | { from: "unsubscribe" };

/**
 * One step of filling a mail. Text is encoded already, line by line; a step adds to the line that is open.
 * - `text`: the rest of the open line, and, when it has line breaks, whole `lines` and the `next` line's beginning.
 * - `hole`: a value, its filters and how it is escaped.
 * - `choice`: the first branch whose condition holds; a null condition always holds.
 * - `liquid`: a piece that Liquid itself has to render.
 */
export type Op =
  | { op: "text"; first: string; lines?: string; next?: string }
  | { op: "hole"; slot: Slot; filters: [string, ...FilterArgument[]][]; landing: Landing }
  | { op: "choice"; branches: { when: Condition | null; ops: Op[] }[] }
  | { op: "liquid"; template: string };

/** `key`: the field is filled. `liquid`: a template that prints 1 when it holds. */
export type Condition = { key: string } | { liquid: string };

const STATEFUL = new Set(["assign", "capture", "break", "continue"]);
/** Names for which Liquid gives more than the property itself. */
const SPECIAL_KEYS = new Set(["size", "first", "last"]);

/** An armed template as steps, or null when its pieces depend on each other (assign, capture). */
export function compileOps(template: string, kind: "line" | "body", shared: SharedData): Op[] | null {
  const nodes = readTree(template);
  if (isStateful(nodes)) return null;
  return new OpsCompiler(template, kind, shared).compile(nodes);
}

function isStateful(nodes: LiquidNode[]): boolean {
  return nodes.some((node) => {
    if (node.type === "tag") return STATEFUL.has(node.name);
    if (node.type !== "block") return false;
    return STATEFUL.has(node.name) || node.branches.some((branch) => isStateful(branch.children));
  });
}

class OpsCompiler {
  readonly #template: string;
  readonly #kind: "line" | "body";
  readonly #shared: SharedData;

  constructor(template: string, kind: "line" | "body", shared: SharedData) {
    this.#template = template;
    this.#kind = kind;
    this.#shared = shared;
  }

  compile(nodes: LiquidNode[]): Op[] {
    const ops: Op[] = [];
    let text = "";
    const flush = () => {
      if (text !== "") ops.push(this.#text(text));
      text = "";
    };
    for (const node of nodes) {
      const step = node.type === "text" ? node.value : node.type === "comment" ? "" : this.#step(node);
      if (typeof step === "string") {
        text += step;
        continue;
      }
      flush();
      ops.push(step);
    }
    flush();
    return ops;
  }

  #text(text: string): Op {
    if (this.#kind === "line") return { op: "text", first: text };
    const lines = text.replace(/\r\n?/g, "\n").split("\n").map(encodeCharacters);
    const first = lines[0] ?? "";
    if (lines.length === 1) return { op: "text", first };
    const middle = lines.slice(1, -1).map((line) => `${foldLine(line)}\r\n`);
    return { op: "text", first, lines: middle.join(""), next: lines.at(-1) ?? "" };
  }

  #step(node: Exclude<LiquidNode, { type: "text" | "comment" }>): Op | string {
    if (node.type === "block") return this.#block(node);
    const source = this.#template.slice(node.begin, node.end);
    if (node.type !== "output") return { op: "liquid", template: source };
    const expression = this.#template.slice(node.contentBegin, node.contentEnd);
    const { value, filters } = readOutput(expression);
    if (/^(?:workspace|campaign)\.\w+$/.test(value) && filters.every((filter) => filter.args.every(isLiteral))) {
      return renderTemplate(parseTemplate(source), mailScope(this.#shared, {}, ""));
    }
    return this.#hole(value, filters) ?? { op: "liquid", template: source };
  }

  #hole(value: string, filters: { name: string; args: unknown[] }[]): Op | null {
    const slot = slotOf(value);
    const landing = filters.at(-1)?.name.slice(1) as Landing | undefined;
    const own = filters.slice(0, -1);
    if (slot === null || landing === undefined) return null;
    if (!own.every((filter) => Object.hasOwn(valueFilters, filter.name) && filter.args.every(isLiteral))) return null;
    const steps = own.map((filter): [string, ...FilterArgument[]] => [
      filter.name,
      ...(filter.args as FilterArgument[]),
    ]);
    return { op: "hole", slot, filters: steps, landing };
  }

  #block(node: LiquidBlock): Op {
    if (node.name !== "if" && node.name !== "unless") {
      return { op: "liquid", template: this.#template.slice(node.begin, node.end) };
    }
    const branches = node.branches.map((branch) => ({
      when: branch.name === "else" ? null : condition(branch.name, branch.args),
      ops: this.compile(branch.children),
    }));
    return { op: "choice", branches };
  }
}

function isLiteral(argument: unknown): argument is FilterArgument {
  return typeof argument === "string" || typeof argument === "number";
}

function condition(name: string, args: string): Condition {
  const key = subscriberKey(args);
  if (name !== "unless" && key !== null && !SPECIAL_KEYS.has(key)) return { key };
  const tag = name === "unless" ? "unless" : "if";
  return { liquid: `{% ${tag} ${args} %}1{% end${tag} %}` };
}

function slotOf(value: string): Slot | null {
  const key = subscriberKey(value);
  if (key !== null) return SPECIAL_KEYS.has(key) ? null : { from: "subscriber", key };
  const click = /^_click\[(\d+)\]$/.exec(value);
  if (click) return { from: "click", link: Number(click[1]) };
  if (value === "_open") return { from: "open" };
  return value === "unsubscribe_url" ? { from: "unsubscribe" } : null;
}

/** A hole's value as it is printed, not yet encoded. */
export function printValue(
  value: unknown,
  filters: readonly [string, ...FilterArgument[]][],
  landing: Landing,
): string {
  let result: unknown = value;
  for (const [name, ...args] of filters) result = valueFilters[name]?.(result, ...args);
  return landValue(landing, typeof result === "string" ? result : cleanText(result));
}
