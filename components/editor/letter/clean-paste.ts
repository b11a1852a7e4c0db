/** Beyond this nobody pastes a letter, and a browser would stand still over it. */
export const mostPastedCharacters = 3_000_000;

/**
 * HTML of other programs, made ready for the editor, which takes only what it knows. Word marks lists by paragraphs with
 * a style of its own and a bullet as text; they become lists. Comments, styles and scripts go.
 */
export function cleanPaste(html: string): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const element of page.querySelectorAll("script, style, meta, link, title, xml, o\\:p, template, noscript"))
    element.remove();
  const comments = page.createTreeWalker(page.body, NodeFilter.SHOW_COMMENT);
  const found: Node[] = [];
  while (comments.nextNode()) found.push(comments.currentNode);
  for (const comment of found) (comment as Comment).remove();
  // What Word puts before each entry: the bullet or number, which the list brings itself.
  for (const bullet of page.querySelectorAll('[style*="mso-list:Ignore"], [style*="mso-list: Ignore"]'))
    bullet.remove();
  for (const entry of page.querySelectorAll<HTMLElement>('p[style*="mso-list"], p[class^="MsoListParagraph"]'))
    asListItem(entry);
  return page.body.innerHTML;
}

function asListItem(entry: HTMLElement): void {
  const text = entry.textContent ?? "";
  const isNumbered = /^\s*\d+[.)]\s/.test(text);
  const before = entry.previousElementSibling;
  const tag = isNumbered ? "OL" : "UL";
  const list = before?.tagName === tag && before.hasAttribute("data-pasted") ? before : document.createElement(tag);
  if (list !== before) {
    list.setAttribute("data-pasted", "");
    entry.before(list);
  }
  const item = document.createElement("li");
  const first = entry.firstChild;
  if (first?.nodeType === Node.TEXT_NODE)
    first.textContent = (first.textContent ?? "").replace(/^\s*(?:[·•o§-]|\d+[.)])\s+/, "");
  item.append(...entry.childNodes);
  list.append(item);
  entry.remove();
}
