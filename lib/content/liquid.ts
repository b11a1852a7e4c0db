import {
  analyzeSync,
  filters as builtInFilters,
  tags as builtInTags,
  Liquid,
  LiquidError,
  type Template,
  Tokenizer,
  TypeGuards,
} from "liquidjs";
import { type Landing, landValue } from "./escape.ts";
import { ContentError, type ProblemWhere } from "./revision.ts";
import { valueFilters } from "./value-filters.ts";

/**
 * The only Liquid engine of the product. Templates see own properties of plain data and nothing else: tags that load
 * files or other templates do not exist here, there is no file system behind it, values are escaped for their place,
 * and length, work, memory and time are limited.
 */

const ALLOWED_TAGS = ["assign", "capture", "if", "unless", "case", "for", "comment", "break", "continue", "#"];
const ALLOWED_FILTERS = [
  "abs at_least at_most ceil divided_by floor minus plus modulo times round",
  "url_decode cgi_escape uri_escape slugify join last first reverse sort sort_natural size map compact concat slice uniq",
  "lstrip rstrip split strip_newlines strip_html squish remove remove_first remove_last replace replace_first",
  "replace_last truncate truncatewords normalize_whitespace number_of_words array_to_sentence_string date where sum",
]
  .join(" ")
  .split(" ");

const MAX_TEMPLATE_CHARACTERS = 2_000_000;
const MEMORY_LIMIT = 5_000_000;
const TIME_LIMIT_MILLISECONDS = 1_000;
const MAX_OUTPUT_CHARACTERS = 4_000_000;

const deny = (): never => {
  throw new Error("templates cannot load files");
};
const noFiles = {
  exists: async () => false,
  existsSync: () => false,
  readFile: async () => deny(),
  readFileSync: deny,
  resolve: () => "",
  contains: async () => false,
  containsSync: () => false,
};

function createEngine(): Liquid {
  const engine = new Liquid({
    templates: {},
    fs: noFiles,
    relativeReference: false,
    dynamicPartials: false,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    // "" and 0 count as missing, so {% if subscriber.first_name %} does what people expect of an empty field.
    jsTruthy: true,
    timezoneOffset: 0,
    locale: "en",
    cache: false,
    parseLimit: MAX_TEMPLATE_CHARACTERS,
    memoryLimit: MEMORY_LIMIT,
    renderLimit: TIME_LIMIT_MILLISECONDS,
  });
  for (const name of Object.keys(builtInTags)) if (!ALLOWED_TAGS.includes(name)) delete engine.tags[name];
  for (const name of Object.keys(builtInFilters)) if (!ALLOWED_FILTERS.includes(name)) delete engine.filters[name];
  for (const [name, filter] of Object.entries(valueFilters)) {
    engine.registerFilter(name, function (value: unknown, ...args: unknown[]) {
      const result = filter(value, ...args);
      if (typeof result === "string") this.context.memoryLimit.use(result.length);
      return result;
    });
  }
  const landings: Landing[] = ["text", "text_br", "attribute", "url", "url_part", "css", "plain", "line"];
  for (const landing of landings) {
    engine.registerFilter(`_${landing}`, function (value: unknown) {
      const result = landValue(landing, value);
      this.context.memoryLimit.use(result.length);
      return result;
    });
  }
  const builtInDate = builtInFilters.date as (this: unknown, value: unknown, ...args: unknown[]) => unknown;
  engine.registerFilter("date", function (value: unknown, ...args: unknown[]) {
    const now = value === "now" || value === "today" ? this.context.getSync(["_now"]) : undefined;
    return builtInDate.call(this, now ?? value, ...args);
  });
  return engine;
}

const engine = createEngine();

/** What a template can see while it is rendered. Names that start with "_" are ours and refused in people's templates. */
export type LiquidScope = Record<string, unknown>;

/**
 * The template parsed; throws ContentError with line and column of the source when it is broken.
 * The result is only to be rendered with renderTemplate.
 */
export function parseTemplate(source: string, where: ProblemWhere = "content"): Template[] {
  try {
    return engine.parse(source);
  } catch (error) {
    throw liquidProblem(error, where);
  }
}

/** Renders within the limits; throws ContentError (code `liquid_limit` or `liquid`) when they are passed. */
export function renderTemplate(template: Template[], scope: LiquidScope, where: ProblemWhere = "content"): string {
  let text: string;
  try {
    text = String(engine.renderSync(template, scope));
  } catch (error) {
    throw liquidProblem(error, where);
  }
  if (text.length > MAX_OUTPUT_CHARACTERS) {
    throw new ContentError([{ where, code: "liquid_limit", message: "The result is longer than a mail may be." }]);
  }
  return text;
}

/** A stretch of a template: plain text, an output `{{ }}` or a tag `{% %}`. Offsets are in the source. */
export type LiquidToken =
  | { type: "text"; begin: number; end: number; value: string }
  | { type: "output"; begin: number; end: number; contentBegin: number; contentEnd: number }
  | { type: "tag"; begin: number; end: number; name: string; args: string };

/** The template cut into its tokens. Call it on a source that parseTemplate accepted. */
export function readTokens(source: string): LiquidToken[] {
  const tokens = new Tokenizer(source, engine.options.operators).readTopLevelTokens(engine.options);
  return tokens.map((token): LiquidToken => {
    const { begin, end } = token;
    if (TypeGuards.isTagToken(token)) return { type: "tag", begin, end, name: token.name, args: token.args.trim() };
    if (TypeGuards.isOutputToken(token)) {
      const [contentBegin, contentEnd] = token.contentRange;
      return { type: "output", begin, end, contentBegin, contentEnd };
    }
    return { type: "text", begin, end, value: (token as unknown as { getContent(): string }).getContent() };
  });
}

/** An output's expression taken apart: the source of its value, then its filters with the source-level arguments. */
export type OutputParts = { value: string; filters: { name: string; args: unknown[] }[]; complete: boolean };

/** Takes `subscriber.first_name | default: "there"` apart. An argument that is not a literal comes as undefined. */
export function readOutput(expression: string): OutputParts {
  const tokenizer = new Tokenizer(expression, engine.options.operators);
  const token = tokenizer.readFilteredValue();
  tokenizer.skipBlank();
  const operands = token.initial.postfix;
  const first = operands[0];
  // Two words without an operator between them, such as `first name`, leave two values where one belongs.
  const valuesLeft = operands.reduce((count, operand) => count + valueBalance(operand), 0);
  const value = operands.length === 1 && first ? expression.slice(first.begin, first.end) : "";
  const filters = token.filters.map((filter) => ({ name: filter.name, args: filter.args.map(literalArgument) }));
  return { value, filters, complete: tokenizer.end() && valuesLeft === 1 };
}

function valueBalance(operand: unknown): number {
  if (!TypeGuards.isOperatorToken(operand)) return 1;
  return operand.operator === "not" ? 0 : -1;
}

function literalArgument(argument: unknown): unknown {
  if (Array.isArray(argument)) return undefined;
  if (TypeGuards.isQuotedToken(argument)) return argument.content;
  if (TypeGuards.isNumberToken(argument)) return argument.content;
  return undefined;
}

/** A name that the template reads from its data: the path as far as it is written out, and where it stands. */
export type VariableUse = { path: string[]; dynamic: boolean; line: number; column: number };

/** Every use of data in the template; names that it sets itself (assign, capture, for) are left out. */
export function readVariables(template: Template[]): VariableUse[] {
  const uses: VariableUse[] = [];
  for (const variables of Object.values(analyzeSync(template, { partials: false }).globals)) {
    for (const variable of variables) {
      const path = variable.segments.map((segment) => (typeof segment === "object" ? "" : String(segment)));
      const dynamic = variable.segments.some((segment) => typeof segment === "object");
      uses.push({ path, dynamic, line: variable.location.row, column: variable.location.col });
    }
  }
  return uses.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** An error of the engine as a ContentError with line, column and words for a person. */
function liquidProblem(error: unknown, where: ProblemWhere): ContentError {
  if (error instanceof ContentError) return error;
  if (!(error instanceof Error)) throw error;
  if (error instanceof RangeError) {
    return new ContentError([{ where, code: "liquid_limit", message: "The template is nested too deeply." }]);
  }
  if (!LiquidError.is(error)) {
    return new ContentError([{ where, code: "liquid_limit", message: words(error.message) }]);
  }
  const [line, column] = error.token.getPosition();
  const message = words(error.message.replace(/, line:\d+, col:\d+$/, "").replace(/, file:.*$/, ""));
  const code = /limit exceeded/.test(error.message) ? "liquid_limit" : "liquid";
  return new ContentError([{ where, code, message, line, column }]);
}

function words(message: string): string {
  const missingTag = /^tag "?([^" ]+)"? not found$/.exec(message);
  if (missingTag) return `The tag {% ${missingTag[1]} %} is not available.`;
  const missingFilter = /^undefined filter: (.+)$/.exec(message);
  if (missingFilter?.[1] === "raw") return "The filter raw is not available: values are always escaped.";
  if (missingFilter) return `The filter ${missingFilter[1]} does not exist.`;
  const open = /^(tag|output) "?([\s\S]+?)"? not closed$/.exec(message);
  if (open) return `${open[2]} is not closed.`;
  if (/limit exceeded/.test(message)) return `The template does too much work (${message}).`;
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
