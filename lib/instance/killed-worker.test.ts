import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { readHostMemory } from "./host-memory.ts";
import { lookAtInstance } from "./look.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
beforeAll(async () => {
  database = await useTestDatabase();
});
afterAll(() => database.close());

const script = fileURLToPath(new URL("../../tests/support/epoch-process.ts", import.meta.url));
const start = () => spawn(process.execPath, [script], { stdio: ["ignore", "ignore", "inherit", "ipc"] });

async function killAfter(child: ChildProcess, raises: number): Promise<void> {
  for (let i = 0; i < raises; i++) await once(child, "message");
  child.kill("SIGKILL");
  await once(child, "exit");
}

test("workers of one host that raise the epoch together and are killed anywhere lock nobody", async () => {
  const seen = new Set<string | null>();
  for (let round = 1; round <= 4; round++) {
    // The first round begins on a database that nobody has recorded, with a host that has no id.
    const children = [start(), start(), start()];
    let running = true;
    const looking = (async () => {
      while (running) seen.add((await lookAtInstance(database.db)).locked);
    })();
    await Promise.all(children.map((child, i) => killAfter(child, round * 3 + i)));
    running = false;
    await looking;
    seen.add((await lookAtInstance(database.db)).locked);
  }
  expect([...seen]).toEqual([null]);
  expect((await readHostMemory()).epoch).toBeGreaterThan(0);
  // At most one half-written file of each that was killed.
  const files = readdirSync(process.env.POSTHORN_DATA_DIR ?? "");
  expect(files.filter((name) => name === "instance.json")).toHaveLength(1);
  expect(files.length).toBeLessThanOrEqual(1 + 12);
}, 60_000);
