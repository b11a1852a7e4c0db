import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isShort } from "./arena.ts";

/*
 * A safeguard that can be taken out without a test turning red is not proved. Each of these takes one out of a copy of
 * the sources and expects a named test to fail there, which is green with the safeguard in place.
 */

const root = path.join(import.meta.dirname, "../..");

interface Mutation {
  without: string;
  file: string;
  /** What is taken out, wherever it occurs, and what stands there instead. */
  edits: Array<[string, string]>;
  red: { project: "tests" | "faults"; file: string; test: string };
}

const mutations: Mutation[] = [
  {
    without: "the fence before hand-over",
    file: "lib/delivery/mark.ts",
    edits: [["c.owner = $4::uuid and c.fence = $5::bigint", "$4::uuid is not null and $5::bigint is not null"]],
    red: {
      project: "tests",
      file: "lib/delivery/mark.test.ts",
      test: "a worker whose chunk was taken over marks nobody",
    },
  },
  {
    without: "the fence on answers",
    file: "lib/delivery/settle.ts",
    edits: [["and c.fence = k.fence and c.owner = k.owner", ""]],
    red: {
      project: "tests",
      file: "lib/delivery/settle.test.ts",
      test: "an answer of a worker whose chunk was taken over takes nothing out of the marks of the new one",
    },
  },
  {
    without: "the re-check of subscriptions before hand-over",
    file: "lib/delivery/mark.ts",
    edits: [["p.status = 'subscribed') then 'unsubscribed'", "p.status = 'subscribed') then null"]],
    red: {
      project: "faults",
      file: "tests/faults/steering.fault.ts",
      test: "who unsubscribes when already marked, before a server that lets nobody in, gets nothing",
    },
  },
  {
    without: "the re-check of the campaign before hand-over",
    file: "lib/delivery/mark.ts",
    edits: [[" and k.status = 'sending'", ""]],
    red: {
      project: "tests",
      file: "lib/delivery/mark.test.ts",
      test: "nothing is marked in a campaign that is paused",
    },
  },
  {
    without: "the age of marks",
    file: "lib/delivery/feed-chunk.ts",
    edits: [["performance.now() - mark.at < oldestMarkMs", "true"]],
    red: {
      project: "faults",
      file: "tests/faults/steering.fault.ts",
      test: "who unsubscribes when already marked, before a server that lets nobody in, gets nothing",
    },
  },
  {
    without: "the deadline of the lease before MAIL",
    file: "lib/delivery/feed-chunk.ts",
    edits: [["isAlive(this.#chunk.lease) &&", '(before === "mail" || isAlive(this.#chunk.lease)) &&']],
    red: {
      project: "tests",
      file: "lib/delivery/feed-chunk.test.ts",
      test: "once the lease has run out no MAIL is written, however fresh the marks",
    },
  },
  {
    without: "the deadline of the lease before the body",
    file: "lib/delivery/feed-chunk.ts",
    edits: [["isAlive(this.#chunk.lease) &&", '(before === "body" || isAlive(this.#chunk.lease)) &&']],
    red: {
      project: "tests",
      file: "lib/delivery/feed-chunk.test.ts",
      test: "once the lease has run out no body is written, though the server asks for it",
    },
  },
  {
    without: "the bound on answers that are not written down",
    file: "lib/delivery/settle-queue.ts",
    edits: [["while (reserved >= mostUnsettled)", "while (false)"]],
    red: {
      project: "tests",
      file: "lib/delivery/settle-queue.test.ts",
      test: "no more than two groups can be unsettled: the next one waits for a commit",
    },
  },
  {
    without: "asking for a place among them before hand-over",
    file: "lib/delivery/sender-line.ts",
    edits: [["      await options.reserve();\n", ""]],
    red: {
      project: "tests",
      file: "lib/delivery/sender-line.test.ts",
      test: "nothing goes on the wire without a place among the answers that are not written down",
    },
  },
  {
    without: "the end of resending after one time, when the line broke",
    file: "lib/delivery/judge.ts",
    edits: [[" && message.doubts === 0", ""]],
    red: {
      project: "tests",
      file: "lib/delivery/judge.test.ts",
      test: "a second doubt is held for a person, and so is the first one under the policy to hold",
    },
  },
  {
    without: "the end of resending after one time, when the worker was lost",
    file: "lib/delivery/claim.ts",
    edits: [["and b.message_id = lost.id and b.state = 'in_doubt')", "and false)"]],
    red: {
      project: "tests",
      file: "lib/delivery/claim.test.ts",
      test: "a second doubt about the same message, or the policy to hold, leaves it to a person",
    },
  },
  {
    without: "the note that the body was handed over",
    file: "lib/delivery/outcome.ts",
    edits: [["if (outcome.bodyHandedOver)", "if (false)"]],
    red: {
      project: "faults",
      file: "tests/faults/broken-line.fault.ts",
      test: "with the policy to hold, who is in doubt is listed by name and is not mailed again",
    },
  },
];

test.each(mutations)("the place of $without is known", ({ file, edits }) => {
  const source = readFileSync(path.join(root, file), "utf8");
  for (const [text] of edits) expect(source).toContain(text);
});

if (!isShort) {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(path.join(os.tmpdir(), "posthorn-mutation-"));
    for (const name of [
      "lib",
      "workers",
      "drizzle",
      "scripts",
      "tests",
      "package.json",
      "package-lock.json",
      "vitest.config.ts",
    ])
      cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
    symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test.each(mutations)("without $without a test is red: $red.test", async ({ file, edits, red }) => {
    expect(await outcomeOf(red), "green as it is").toEqual({ passed: 1, failed: 0 });
    const target = path.join(copy, file);
    const source = readFileSync(target, "utf8");
    writeFileSync(
      target,
      edits.reduce((text, [from, to]) => text.replaceAll(from, () => to), source),
    );
    try {
      expect(await outcomeOf(red), "red without it").toEqual({ passed: 0, failed: 1 });
    } finally {
      writeFileSync(target, source);
    }
  });

  /** Runs one named test in the copy. */
  async function outcomeOf(named: Mutation["red"]): Promise<{ passed: number; failed: number }> {
    const report = path.join(copy, "report.json");
    rmSync(report, { force: true });
    const pattern = `^${named.test.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`;
    const args = [
      "run",
      "--project",
      named.project,
      named.file,
      "-t",
      pattern,
      "--reporter=json",
      `--outputFile=${report}`,
    ];
    const env: NodeJS.ProcessEnv = { ...process.env, FAULTS: "short" };
    // What the outer vitest tells its own workers is not for the inner one.
    for (const name of Object.keys(env)) if (name.startsWith("VITEST")) delete env[name];
    const child = spawn(process.execPath, [path.join(copy, "node_modules/vitest/vitest.mjs"), ...args], {
      cwd: copy,
      env,
      stdio: "ignore",
    });
    await once(child, "exit");
    if (!existsSync(report)) return { passed: 0, failed: 0 };
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
    return { passed: numPassedTests, failed: numFailedTests };
  }
}
