import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { startThrowAwayCluster } from "./postgres/cluster.mjs";
import { buildWhenChanged } from "./setup/build.mjs";
import { provideChromium } from "./setup/chromium.mjs";
import { refuseOldNode } from "./setup/node.mjs";
import { runProgram, stopPrograms } from "./setup/program.mjs";
import { seconds } from "./setup/progress.mjs";
import { explain, Refusal } from "./setup/refusal.mjs";
import { prepareTools, programEnvironment, root } from "./setup/setup.mjs";

/*
 * npm test                 everything, in order, on throw-away databases; ends with "N passed, N failed, N skipped"
 * npm test -- lib/tokens   only the tests whose path contains one of the words
 * npm run test:faults      the fault tests in full length (--faults)
 *
 * A step that fails does not stop the others: one run shows all that is wrong.
 */

const words = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const faultsOnly = process.argv.includes("--faults");
const total = { passed: 0, failed: 0, skipped: 0 };
const reports = fs.mkdtempSync(path.join(os.tmpdir(), "posthorn-test-reports-"));
const say = (line) => process.stdout.write(`${line}\n`);
let cluster;
let node;
let env;

for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(name, async () => {
    stopPrograms();
    await cleanUp();
    process.exit(130);
  });
}

try {
  refuseOldNode();
  node = await prepareTools();
  cluster = process.env.TEST_DATABASE_URL ? null : await startThrowAwayCluster();
  env = testEnvironment();
  if (faultsOnly) await faults("full");
  else if (words.length > 0) await chosenTests();
  else await everything();
} catch (error) {
  explain(error);
  total.failed += 1;
} finally {
  await cleanUp();
}
say(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);

async function everything() {
  await check("Types", types);
  await check("Lint and format", () =>
    program("@biomejs/biome/bin/biome", ["ci", "--colors=off", "--max-diagnostics=none"]),
  );
  await check("Layer rules", layerRules);
  await check("Dead code", () => program("knip/bin/knip.js", ["--no-progress", "--no-config-hints"]));
  await step("Unit and integration tests", () => vitest("tests", words));
  await faults("short");
  if (await check("Build", build)) await step("Browser journeys", () => playwright(words));
  else await step("Browser journeys", countJourneysAsSkipped);
}

// A word chooses by path; what has to be built or takes minutes runs only when it is meant.
async function chosenTests() {
  const journeys = words.filter((word) => word.includes("tests/e2e"));
  const faultWords = words.filter((word) => word.includes("tests/faults"));
  const others = words.filter((word) => !journeys.includes(word) && !faultWords.includes(word));
  if (others.length > 0) await step("Unit and integration tests", () => vitest("tests", others));
  if (faultWords.length > 0) await step("Faults", () => vitest("faults", faultWords, { FAULTS: "short" }));
  if (journeys.length > 0 && (await check("Build", build))) await step("Browser journeys", () => playwright(journeys));
}

function faults(length) {
  return step(`Faults (${length})`, async () => {
    const result = await vitest("faults", words, { FAULTS: length });
    // What was seen is worth reading even when all is well: duplicates beside their bound, and who is in doubt.
    const seen = result.output.match(/^seen: .*$/gm)?.join("\n");
    return seen && result.failed === 0 ? { ...result, note: seen } : result;
  });
}

// Nothing of the developer's own settings: tests say themselves what they need.
function testEnvironment() {
  const own = [
    "DATABASE_URL",
    "DATABASE_DIRECT_URL",
    "DATABASE_REPLICA_URL",
    "PUBLIC_URL",
    "PORT",
    "HOST",
    "POSTHORN_DATA_DIR",
    "POSTHORN_INSTANCE_ID",
    "POSTHORN_DEMO",
  ];
  const kept = Object.entries(programEnvironment(node)).filter(([name]) => !own.includes(name));
  return {
    ...Object.fromEntries(kept),
    TEST_DATABASE_URL: cluster?.url ?? process.env.TEST_DATABASE_URL,
    POSTHORN_SECRET: randomBytes(32).toString("base64url"),
    // Beside a running installation, whose build stays as it is.
    POSTHORN_DIST_DIR: ".next-test",
    NO_COLOR: "1",
    FORCE_COLOR: undefined,
  };
}

/** A step that counts as one test. Its work returns what went wrong, as text, or null. */
async function check(name, work) {
  let output = null;
  await step(name, async () => {
    output = await work();
    return { passed: output === null ? 1 : 0, failed: output === null ? 0 : 1, skipped: 0, output };
  });
  return output === null;
}

/** Runs one step, adds up its tests, and shows its output in full when something failed. */
async function step(name, work) {
  const startedAt = Date.now();
  process.stdout.write(`${name} … `);
  let result;
  try {
    result = await work();
  } catch (error) {
    const output =
      error instanceof Refusal ? `${error.message}\n${error.details ?? ""}` : String(error?.stack ?? error);
    result = { passed: 0, failed: 1, skipped: 0, output };
  }
  for (const kind of Object.keys(total)) total[kind] += result[kind];
  const counts = Object.keys(total).flatMap((kind) => (result[kind] > 0 ? `${result[kind]} ${kind}` : []));
  say(`${counts.join(", ") || "no tests"} (${seconds(startedAt)})`);
  if (result.failed > 0 || result.note) say(`\n${(result.note ?? result.output).trim()}\n`);
}

async function types() {
  const generated = await program("next/dist/bin/next", ["typegen"]);
  return generated ?? program("typescript/bin/tsc", ["--noEmit", "-p", "tsconfig.test.json"]);
}

async function layerRules() {
  const rooms = ["app", "components", "lib", "workers", "drizzle", "scripts", "tests", "proxy.ts"];
  const present = rooms.filter((room) => fs.existsSync(path.join(root, room)));
  const args = ["--config", ".dependency-cruiser.cjs", ...present];
  return program("dependency-cruiser/bin/dependency-cruiser.mjs", args);
}

async function build() {
  try {
    await buildWhenChanged({ root, node, env, quiet: true });
    return null;
  } catch (error) {
    if (error instanceof Refusal) return `${error.message}\n${error.details ?? ""}`;
    throw error;
  }
}

async function vitest(project, filters, extra = {}) {
  const file = path.join(reports, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const args = ["run", "--project", project, "--passWithNoTests", ...reporters, ...filters];
  const { code, output } = await runOurs("vitest/vitest.mjs", args, extra);
  const report = readJson(file);
  if (!report) return { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0, output };
  // A file that cannot be loaded has no tests to fail: it counts as one.
  const unloadable = report.testResults.filter((one) => one.status === "failed" && !failedIn(one)).length;
  const failed = report.numFailedTests + unloadable;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    output,
  };
}

function failedIn({ assertionResults }) {
  return assertionResults.some(({ status }) => status === "failed");
}

async function playwright(filters) {
  const executable = await provideChromium({ root, node, env, note: () => {} });
  if (!executable)
    return countJourneysAsSkipped("Chromium is missing and could not be installed: set CHROMIUM_PATH to one.");
  const file = path.join(reports, "playwright.json");
  const extra = { CHROMIUM_PATH: executable, PLAYWRIGHT_JSON_OUTPUT_FILE: file };
  const args = ["test", "--pass-with-no-tests", "--reporter=line,json", ...filters];
  const { code, output } = await runOurs("@playwright/test/cli.js", args, extra);
  const stats = readJson(file)?.stats;
  if (!stats) return { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0, output };
  const failed = stats.unexpected + stats.flaky;
  return { passed: stats.expected, failed: failed === 0 && code !== 0 ? 1 : failed, skipped: stats.skipped, output };
}

async function countJourneysAsSkipped(note = "The browser journeys need the build.") {
  const { output } = await runOurs("@playwright/test/cli.js", ["test", "--list", "--pass-with-no-tests"]);
  const skipped = Number(output.match(/^Total: (\d+) tests?/m)?.[1] ?? 0);
  return { passed: 0, failed: 0, skipped, output, note };
}

/** Runs a program of node_modules; returns null when it was content, otherwise all it said. */
async function program(file, args) {
  const { code, output } = await runOurs(file, args);
  return code === 0 ? null : output || `${file} ended with exit code ${code}`;
}

function runOurs(file, args, extra = {}) {
  return runProgram(node, [path.join(root, "node_modules", file), ...args], { cwd: root, env: { ...env, ...extra } });
}

async function cleanUp() {
  await cluster?.stop();
  cluster = null;
  fs.rmSync(reports, { recursive: true, force: true });
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
