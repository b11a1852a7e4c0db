import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startThrowAwayCluster } from "../../scripts/postgres/cluster.mjs";
import { ensureTemplate } from "./postgres.ts";

/**
 * Runs once before all test files: brings a throw-away PostgreSQL unless TEST_DATABASE_URL names one, and migrates the
 * template that every test file clones. So `vitest run some/file.test.ts` needs nothing prepared.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const cluster = process.env.TEST_DATABASE_URL ? null : await startThrowAwayCluster();
  if (cluster) process.env.TEST_DATABASE_URL = cluster.url;
  process.env.TEST_DATABASE_TEMPLATE = await ensureTemplate();
  // What a host remembers of its installation is not to be mixed up with that of a real one in ./data.
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), "posthorn-test-data-"));
  process.env.POSTHORN_DATA_DIR = dataFolder;
  return async () => {
    await cluster?.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  };
}
