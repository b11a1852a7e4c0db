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
  return async () => {
    await cluster?.stop();
  };
}
