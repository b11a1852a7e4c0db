import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.join(import.meta.dirname, "..");
const pages = globSync(["*.md", "docs/**/*.md"], { cwd: root });

test.each(pages)("every relative link of %s leads to a file, and to a heading where it names one", (page) => {
  const broken = linksOf(page).filter((link) => !leadsSomewhere(page, link));
  expect(broken).toEqual([]);
});

test.each(pages)("every file that %s names in code is there", (page) => {
  const named = [
    ...withoutBlocks(page).matchAll(/`((?:app|components|docs|drizzle|lib|scripts|tests|workers)\/[^`\s]*)`/g),
  ];
  const missing = named
    .map((match) => match[1] ?? "")
    .filter((name) => !isPattern(name) && !existsSync(path.join(root, name)));
  expect(missing).toEqual([]);
});

function linksOf(page: string): string[] {
  const links = [...withoutBlocks(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
  return links.filter((link) => !/^[a-z]+:/i.test(link));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [file = "", heading] = link.split("#");
  const target = file === "" ? page : path.join(path.dirname(page), file);
  if (!existsSync(path.join(root, target))) return false;
  return heading === undefined || headingsOf(target).includes(heading);
}

/** As GitHub makes anchors of headings. */
function headingsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? "")
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Shell and file excerpts are no prose: what stands in them is not meant for us. */
function withoutBlocks(page: string): string {
  return read(page).replace(/^```[\s\S]*?^```/gm, "");
}

/** A name with a gap: <month>, …, * */
function isPattern(name: string): boolean {
  return /[<*…]/.test(name);
}

function read(page: string): string {
  return readFileSync(path.join(root, page), "utf8");
}
