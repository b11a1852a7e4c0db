import { type LiquidToken, parseTemplate, readOutput, readTokens } from "./liquid.ts";
import { ContentError, type ProblemWhere, positionAt } from "./revision.ts";

/** A template as a tree of its blocks. Offsets are in the source; `children` stand in source order. */
export type LiquidNode =
  | { type: "text"; begin: number; end: number; value: string }
  | { type: "output"; begin: number; end: number; contentBegin: number; contentEnd: number }
  | { type: "tag"; begin: number; end: number; name: string; args: string }
  | { type: "comment"; begin: number; end: number }
  | LiquidBlock;

export type LiquidBlock = {
  type: "block";
  name: string;
  begin: number;
  end: number;
  branches: LiquidBranch[];
  closing: { begin: number; end: number };
};
export type LiquidBranch = { name: string; args: string; begin: number; end: number; children: LiquidNode[] };

const BLOCKS = new Set(["if", "unless", "case", "for", "capture"]);
const BRANCHES = new Set(["else", "elsif", "when"]);
const MAX_DEPTH = 30;
/** Far beyond any mail. Liquid finds the line of each variable by counting from the top, so their number matters. */
const MAX_TOKENS = 2000;
const MAX_LIQUID_CHARACTERS = 100_000;

/** The tree of a template; throws ContentError when the syntax is broken, with line and column. */
export function readTree(source: string, where: ProblemWhere = "content"): LiquidNode[] {
  parseTemplate(source, where);
  const reader = { tokens: readTokens(source), at: 0, source, where };
  const liquid = reader.tokens.filter((token) => token.type !== "text");
  const characters = liquid.reduce((sum, token) => sum + token.end - token.begin, 0);
  if (liquid.length > MAX_TOKENS || characters > MAX_LIQUID_CHARACTERS) {
    const message = `There are more than ${MAX_TOKENS} merge fields and conditions, or they are too long.`;
    throw new ContentError([{ where, code: "too_large", message }]);
  }
  return readNodes(reader, 0).nodes;
}

type Reader = { tokens: LiquidToken[]; at: number; source: string; where: ProblemWhere };
type TagToken = Extract<LiquidToken, { type: "tag" }>;

function readNodes(reader: Reader, depth: number): { nodes: LiquidNode[]; stop: TagToken | null } {
  if (depth > MAX_DEPTH)
    throw problemAt(reader, reader.tokens[reader.at - 1]?.begin ?? 0, "Conditions are nested too deeply.");
  const nodes: LiquidNode[] = [];
  while (reader.at < reader.tokens.length) {
    const token = reader.tokens[reader.at++] as LiquidToken;
    if (token.type === "output") {
      const { complete } = readOutput(reader.source.slice(token.contentBegin, token.contentEnd));
      if (!complete) {
        const shown = reader.source.slice(token.begin, token.end);
        throw problemAt(reader, token.begin, `${shown} has words after its end: filters are written with "|".`);
      }
      nodes.push(token);
    } else if (token.type === "text") nodes.push(token);
    else if (token.name === "comment") nodes.push(readComment(reader, token));
    else if (token.name === "#") nodes.push({ type: "comment", begin: token.begin, end: token.end });
    else if (BLOCKS.has(token.name)) nodes.push(readBlock(reader, token, depth));
    else if (BRANCHES.has(token.name) || token.name.startsWith("end")) return { nodes, stop: token };
    else nodes.push(token);
  }
  return { nodes, stop: null };
}

function readBlock(reader: Reader, opening: TagToken, depth: number): LiquidBlock {
  const branches: LiquidBranch[] = [];
  let current: TagToken = opening;
  for (;;) {
    const { nodes, stop } = readNodes(reader, depth + 1);
    branches.push({ name: current.name, args: current.args, begin: current.begin, end: current.end, children: nodes });
    if (stop === null) throw problemAt(reader, opening.begin, `{% ${opening.name} %} is not closed.`);
    if (stop.name === `end${opening.name}`) {
      return {
        type: "block",
        name: opening.name,
        begin: opening.begin,
        end: stop.end,
        branches,
        closing: { begin: stop.begin, end: stop.end },
      };
    }
    current = stop;
  }
}

function readComment(reader: Reader, opening: TagToken): LiquidNode {
  let end = opening.end;
  while (reader.at < reader.tokens.length) {
    const token = reader.tokens[reader.at++] as LiquidToken;
    end = token.end;
    if (token.type === "tag" && token.name === "endcomment") break;
  }
  return { type: "comment", begin: opening.begin, end };
}

function problemAt(reader: Reader, offset: number, message: string): ContentError {
  return new ContentError([{ where: reader.where, code: "liquid", message, ...positionAt(reader.source, offset) }]);
}
