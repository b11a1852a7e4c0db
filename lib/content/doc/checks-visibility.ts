import type { Block, EmailDoc } from "./email-doc.ts";
import type { Finding } from "./finding.ts";
import type { Visibility } from "./visibility.ts";
import { withBlock } from "./walk.ts";

type Rule = Visibility["rules"][number];

/** Sections and blocks whose rules contradict each other, so that nobody sees them. */
export function visibilityFindings(doc: EmailDoc): Finding[] {
  const found: Finding[] = [];
  for (const section of doc.sections) {
    const outer = necessary(section.visibility);
    if (contradict(outer)) {
      const fix = (from: EmailDoc): EmailDoc => ({
        ...from,
        sections: from.sections.map((one) => (one.id === section.id ? seen(one) : one)),
      });
      found.push({ code: "block_unseen", severity: "warn", part: section.id, values: {}, fix });
      continue;
    }
    for (const block of section.columns.flatMap(({ blocks }) => blocks)) {
      const nowhere = section.hide !== undefined && block.hide !== undefined && section.hide !== block.hide;
      if (!nowhere && !contradict([...outer, ...necessary(block.visibility)])) continue;
      const fix = (from: EmailDoc) => withBlock(from, block.id, (one) => seen(one) as Block);
      found.push({ code: "block_unseen", severity: "warn", part: block.id, values: {}, fix });
    }
  }
  return found;
}

function seen<Part extends { visibility?: unknown; hide?: unknown }>(part: Part): Part {
  const { visibility: _rules, hide: _hide, ...rest } = part;
  return rest as Part;
}

/** The rules that have to hold; of several of which any is enough, none has to. */
function necessary(visibility: Visibility | undefined): Rule[] {
  if (!visibility) return [];
  return visibility.match === "all" || visibility.rules.length === 1 ? visibility.rules : [];
}

function contradict(rules: readonly Rule[]): boolean {
  return rules.some((one, at) => rules.slice(at + 1).some((other) => excludes(one, other) || excludes(other, one)));
}

function excludes(one: Rule, other: Rule): boolean {
  if (one.field !== other.field) return false;
  if (one.is === "not_set") return other.is === "set" || (other.is === "equal" && other.value.trim() !== "");
  if (one.is === "equal") {
    if (other.is === "equal") return one.value !== other.value;
    if (other.is === "not_equal") return one.value === other.value;
    return other.is === "contains" && !one.value.includes(other.value);
  }
  return one.is === "more" && other.is === "less" && one.value >= other.value;
}
