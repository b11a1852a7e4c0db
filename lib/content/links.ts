import type { PlacedTemplate } from "./arm.ts";
import { parseTemplate, readTokens, readVariables } from "./liquid.ts";
import type { ContentWarning } from "./revision.ts";

/** Where the address of link `link` stands in a template: the raw value between `begin` and `end`. */
export type LinkSlot = { begin: number; end: number; link: number };

/** The links of a placed mail: what can be tracked, what is personal, and what looks wrong. */
export function findLinks(placed: PlacedTemplate) {
  const links: string[] = [];
  const personalLinks = new Set<string>();
  const htmlLinkSlots: LinkSlot[] = [];
  const linkWarnings = new Map<string, ContentWarning>();
  for (const { value, begin, end, tag, inComment } of placed.links) {
    const address = value.trim();
    const warning = inComment || tag !== "a" ? null : linkWarning(address);
    if (warning) linkWarnings.set(address, warning);
    const kind = classifyLink(address);
    if (kind === "personal") personalLinks.add(address);
    if (kind !== "tracked") continue;
    const known = links.indexOf(address);
    const link = known >= 0 ? known : links.push(address) - 1;
    htmlLinkSlots.push({ begin, end, link });
  }
  return { links, personalLinks: [...personalLinks], htmlLinkSlots, linkWarnings: [...linkWarnings.values()] };
}

/**
 * A link is tracked when its target is the same for everyone, because a click is answered from the frozen table of
 * links. Targets with data of the person, the unsubscribe link, mailto: and tel: stay as they are.
 */
function classifyLink(address: string): "tracked" | "personal" | "untracked" {
  if (!/^https?:\/\//i.test(address)) return "untracked";
  const tokens = readTokens(address);
  if (!URL.canParse(tokens.map((token) => (token.type === "text" ? token.value : "x")).join(""))) return "untracked";
  if (tokens.some((token) => token.type === "tag")) return "personal";
  const uses = readVariables(parseTemplate(address));
  return uses.every(({ path }) => path[0] === "campaign" || path[0] === "workspace") ? "tracked" : "personal";
}

function linkWarning(address: string): ContentWarning | null {
  if (address === "" || address === "#")
    return { code: "empty_link", message: "A link leads nowhere. Give it an address." };
  if (/^http:\/\//i.test(address))
    return { code: "insecure_link", message: `${address} is not encrypted. Use https:// if it is there.` };
  if (/^(?:https:\/\/|mailto:|tel:|\{\{|\{%)/i.test(address)) {
    const plain = address.replace(/\{\{.*?\}\}|\{%.*?%\}/gs, "x");
    return /^https/i.test(address) && !URL.canParse(plain)
      ? { code: "broken_link", message: `${address} is not a valid address.` }
      : null;
  }
  return { code: "broken_link", message: `${address} is not a complete address. Begin it with https://.` };
}
