import type { Landing } from "./escape.ts";
import { type HtmlVisitor, scanHtml } from "./html-scan.ts";
import { readOutput } from "./liquid.ts";
import { createPlaceholders } from "./placeholders.ts";
import { ContentError, MAX_PROBLEMS, positionAt } from "./revision.ts";
import { type LiquidNode, readTree } from "./template-tree.ts";

/** A place in the HTML. Two marks with the same `state` are in the same text, tag, attribute or comment. */
type Place = {
  kind: "text" | "attribute" | "tag" | "comment";
  state: string;
  landing: Landing | null;
  visible: boolean;
};

/** An address in a link. `begin` and `end` enclose its raw value in the source; `value` has its entities decoded. */
export type PlacedLink = { tag: string; value: string; begin: number; end: number; inComment: boolean };

/** A template whose outputs and tags know their place in the HTML. */
export type PlacedTemplate = { source: string; nodes: LiquidNode[]; places: Map<number, Place>; links: PlacedLink[] };

const URL_ATTRIBUTES = new Set([
  "href",
  "src",
  "background",
  "action",
  "cite",
  "poster",
  "longdesc",
  "xlink:href",
  "srcset",
]);

const NO_LINKS = new Set(["link", "base"]);

/**
 * Finds where every output of an HTML template lands. Throws ContentError when an output stands where no value can be
 * made safe, or when the branches of a condition do not begin and end in the same place of the HTML.
 */
export function placeTemplate(source: string): PlacedTemplate {
  const nodes = readTree(source);
  const marks = flattenMarks(nodes);
  const placeholders = createPlaceholders("l", source);
  let html = "";
  let at = 0;
  const shifts: { from: number; by: number }[] = [];
  marks.forEach((mark, index) => {
    html += source.slice(at, mark.begin) + placeholders.word(index);
    at = mark.end;
    shifts.push({ from: html.length, by: mark.end - html.length });
  });
  html += source.slice(at);
  const inSource = (offset: number) => offset + (shifts.findLast((shift) => shift.from <= offset)?.by ?? 0);
  const restore = (text: string) =>
    text.replace(placeholders.pattern, (_word, index) => {
      const mark = marks[Number(index)];
      return mark ? source.slice(mark.begin, mark.end) : "";
    });
  const links: PlacedLink[] = [];

  const places = new Map<number, Place>();
  const put = (text: string, place: (before: string) => Place) => {
    for (const match of text.matchAll(placeholders.pattern)) {
      const mark = marks[Number(match[1])];
      if (mark && !places.has(mark.begin)) places.set(mark.begin, place(text.slice(0, match.index)));
    }
  };
  const visitor: HtmlVisitor = {
    tag(name, _begin, tagId) {
      put(name, () => ({ kind: "tag", state: `tag ${tagId}`, landing: null, visible: false }));
    },
    attribute(attribute, tagId) {
      put(attribute.name, () => ({ kind: "tag", state: `tag ${tagId}`, landing: null, visible: false }));
      const quoted = attribute.quote === '"' || attribute.quote === "'";
      put(attribute.value, (before) => ({
        kind: "attribute",
        state: `attribute ${attribute.id}`,
        landing: quoted ? attributeLanding(attribute.name, before, placeholders.pattern) : null,
        visible: false,
      }));
      if (attribute.name === "href" && quoted && !NO_LINKS.has(attribute.tag)) {
        const begin = inSource(attribute.valueBegin);
        const { tag, inComment } = attribute;
        links.push({ tag, value: restore(attribute.value), begin, end: inSource(attribute.valueEnd), inComment });
      }
    },
    text(data, { tag, hidden, inComment }) {
      const landing: Landing | null = tag === "style" ? "css" : tag === "script" ? null : "text";
      put(data, () => ({ kind: "text", state: `text ${tag}`, landing, visible: !hidden && !inComment }));
    },
    comment(data, begin) {
      put(data, () => ({ kind: "comment", state: `comment ${begin}`, landing: null, visible: false }));
    },
  };
  scanHtml(html, visitor);
  const placed = { source, nodes, places, links };
  const problems = checkPlaces(nodes, placed).slice(0, MAX_PROBLEMS);
  if (problems.length > 0) {
    throw new ContentError(
      problems.map(({ offset, ...found }) => ({ where: "content", ...found, ...positionAt(source, offset) })),
    );
  }
  widenUrlStarts(nodes, places);
  return placed;
}

function attributeLanding(name: string, before: string, pattern: RegExp): Landing {
  if (name === "style") return "css";
  if (!URL_ATTRIBUTES.has(name)) return "attribute";
  return before.replace(pattern, "").trim() === "" && !hasOutputBefore(before, pattern) ? "url" : "url_part";
}

function hasOutputBefore(before: string, pattern: RegExp): boolean {
  return before.search(new RegExp(pattern.source)) >= 0;
}

type Mark = { begin: number; end: number };

function flattenMarks(nodes: LiquidNode[]): Mark[] {
  return nodes.flatMap((node): Mark[] => {
    if (node.type === "text") return [];
    if (node.type !== "block") return [{ begin: node.begin, end: node.end }];
    const inner = node.branches.flatMap((branch) => [
      { begin: branch.begin, end: branch.end },
      ...flattenMarks(branch.children),
    ]);
    return [...inner, node.closing];
  });
}

function checkPlaces(nodes: LiquidNode[], placed: PlacedTemplate, inCapture = false): Misplaced[] {
  return nodes.flatMap((node): Misplaced[] => {
    switch (node.type) {
      case "text":
        return [];
      case "block": {
        const states = [...node.branches, node.closing].map((mark) => placed.places.get(mark.begin)?.state);
        const inner = node.branches.flatMap((branch) =>
          checkPlaces(branch.children, placed, inCapture || node.name === "capture"),
        );
        if (states[0] !== undefined && states.every((state) => state === states[0])) return inner;
        return [
          {
            offset: node.begin,
            code: "unbalanced_html",
            message: `{% ${node.name} %} and its end must stand in the same piece of HTML: each branch has to close the quotes, tags and comments that it opens.`,
          },
          ...inner,
        ];
      }
      case "output": {
        if (inCapture) return [];
        const place = placed.places.get(node.begin);
        if (place?.landing) return [];
        const message = unsafePlaceMessage(place, placed.source.slice(node.begin, node.end));
        return [{ offset: node.begin, code: "unsafe_place", message }];
      }
      default:
        if (placed.places.has(node.begin)) return [];
        return [{ offset: node.begin, code: "unsafe_place", message: "Liquid cannot stand in this place." }];
    }
  });
}

function unsafePlaceMessage(place: Place | undefined, shown: string): string {
  switch (place?.kind) {
    case "attribute":
      return `${shown} stands in an attribute without quotes. Put quotes around the value.`;
    case "tag":
      return `${shown} cannot stand inside a tag. Use it in text or in a quoted attribute.`;
    case "comment":
      return `${shown} cannot stand in a comment.`;
    default:
      return `${shown} cannot stand in this place.`;
  }
}

type Misplaced = { offset: number; code: string; message: string };

/**
 * The output that begins an address decides its scheme. In `{% if a %}…{% else %}{{ b }}{% endif %}` each branch begins
 * anew, which the plain scan cannot see; without this, b would be percent-encoded as a part of the address before it.
 */
function widenUrlStarts(nodes: LiquidNode[], places: Map<number, Place>): void {
  for (const node of nodes) {
    if (node.type !== "block") continue;
    const opening = places.get(node.begin);
    const startsAddress = opening?.kind === "attribute" && opening.landing === "url";
    for (const branch of node.branches) {
      const first = branch.children.find((child) => child.type !== "text" || child.value.trim() !== "");
      const place = first && places.get(first.begin);
      if (startsAddress && place && first && (first.type === "output" || first.type === "block")) place.landing = "url";
      widenUrlStarts(branch.children, places);
    }
  }
}

const PERCENT_ENCODING = new Set(["url_encode", "cgi_escape", "uri_escape"]);

/** An output with the filter that makes it safe in its place, whatever the author wrote. */
export function armOutput(expression: string, landing: Landing): string {
  const { filters } = readOutput(expression);
  const encoded = PERCENT_ENCODING.has(filters.at(-1)?.name ?? "");
  let last: Landing = landing;
  if (landing === "url_part" && encoded) last = "attribute";
  if (landing === "text" && filters.some((filter) => filter.name === "newline_to_br")) last = "text_br";
  return `${expression.trimEnd()} | _${last} `;
}

/** Which landing each output of a template has; outputs inside a capture are printed plainly and escaped later. */
export function landingOf(placed: PlacedTemplate, begin: number): Landing {
  return placed.places.get(begin)?.landing ?? "text";
}

/** The template with every output armed for the place that `landing` names by the output's offset. */
export function armTemplate(source: string, landing: (begin: number) => Landing, nodes: LiquidNode[]): string {
  let armed = "";
  let at = 0;
  const visit = (list: LiquidNode[], inCapture: boolean) => {
    for (const node of list) {
      if (node.type === "block") {
        for (const branch of node.branches) visit(branch.children, inCapture || node.name === "capture");
      } else if (node.type === "output") {
        const expression = source.slice(node.contentBegin, node.contentEnd);
        armed += source.slice(at, node.contentBegin);
        armed += armOutput(expression, inCapture ? "plain" : landing(node.begin));
        at = node.contentEnd;
      }
    }
  };
  visit(nodes, false);
  return armed + source.slice(at);
}
