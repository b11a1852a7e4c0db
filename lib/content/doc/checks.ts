import { colourFindings } from "./checks-colours.ts";
import { layoutFindings } from "./checks-layout.ts";
import { linkFindings, pictureFindings } from "./checks-links.ts";
import { visibilityFindings } from "./checks-visibility.ts";
import { lineFindings, wordFindings } from "./checks-words.ts";
import type { CheckInput, Finding, Severity } from "./finding.ts";

const order: readonly Severity[] = ["stop", "warn", "hint"];

/** Everything worth mending in a mail, the worst first. Pure; of a document of 300 blocks in a few milliseconds. */
export function checkDoc(input: CheckInput): Finding[] {
  const { doc } = input;
  const found = [
    ...lineFindings(input),
    ...layoutFindings(input),
    ...linkFindings(doc),
    ...pictureFindings(doc),
    ...colourFindings(doc),
    ...visibilityFindings(doc),
    ...wordFindings(input),
  ];
  const once = new Map(found.map((one) => [JSON.stringify([one.code, one.part, one.values]), one]));
  return [...once.values()].toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}
