import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { settings } from "#lib/config.ts";

/*
 * node scripts/config-docs.ts (Node 24): writes .env.example and the table of settings in docs/operations.md from
 * lib/config.ts. A test beside this file fails when either is not what it would write.
 */

const root = path.join(import.meta.dirname, "..");

/** What is written where: the file, and what it should hold given what it holds now. */
export const targets = [
  { file: path.join(root, ".env.example"), write: () => envExample() },
  { file: path.join(root, "docs/operations.md"), write: (now: string) => withTable(now) },
];

interface Setting {
  name: string;
  /** As it would stand in .env; empty when there is none. */
  fallback: string;
  meaning: string;
}

function listSettings(): Setting[] {
  return Object.entries(settings).map(([name, schema]) => {
    const parsed = schema.safeParse(undefined);
    return { name, fallback: parsed.success ? spell(parsed.data) : "", meaning: schema.description ?? "" };
  });
}

function spell(value: string | number | boolean | undefined): string {
  if (value === undefined) return "";
  return typeof value === "boolean" ? String(Number(value)) : String(value);
}

function envExample(): string {
  const blocks = listSettings().map(({ name, fallback, meaning }) => `# ${meaning}\n# ${name}=${fallback}\n`);
  return `# Every setting, with its default. Nothing here is needed to start; to change something, copy this file to .env
# and take away the # before the setting. What is set in the environment already wins over .env.
# Written by scripts/config-docs.ts from lib/config.ts.

${blocks.join("\n")}`;
}

const begin = "<!-- settings: written by scripts/config-docs.ts -->";
const end = "<!-- end of settings -->";

function withTable(markdown: string): string {
  const from = markdown.indexOf(begin);
  const to = markdown.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/operations.md has lost its markers "${begin}" and "${end}".`);
  return `${markdown.slice(0, from + begin.length)}\n\n${table()}\n${markdown.slice(to)}`;
}

function table(): string {
  const rows = listSettings().map(
    ({ name, fallback, meaning }) =>
      `| \`${name}\` | ${fallback ? `\`${fallback}\`` : ""} | ${meaning.replaceAll("|", "\\|")} |\n`,
  );
  return `| Setting | Default | Meaning |\n| --- | --- | --- |\n${rows.join("")}`;
}

if (import.meta.main) {
  for (const { file, write } of targets) {
    const before = readOrEmpty(file);
    const after = write(before);
    if (after === before) continue;
    writeFileSync(file, after);
    console.log(`${path.relative(root, file)} is written anew.`);
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
