import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { targets } from "./config-docs.ts";

test.each(targets.map((target) => [path.basename(target.file), target] as const))(
  "%s lists every setting as lib/config.ts has it (node scripts/config-docs.ts writes it anew)",
  (_name, { file, write }) => {
    const now = readFileSync(file, "utf8");
    expect(now).toBe(write(now));
  },
);
