import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bounceAddress } from "#lib/bounce-address.ts";
import type { Db, Pool } from "#lib/db.ts";
import { useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { personalReply, postfixBounce, yahooComplaint } from "#tests/support/feedback-mails.ts";
import { sendingCampaign } from "#tests/support/sending-campaign.ts";

/* npm run feedback as a mail server's pipe calls it: a process, bytes on its input, an exit code. */

const root = path.join(import.meta.dirname, "../..");
let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let folder: string;
let returnPaths: string[];
let mine: Awaited<ReturnType<typeof sendingCampaign>>;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
  folder = mkdtempSync(path.join(os.tmpdir(), "posthorn-feedback-"));
  mine = await sendingCampaign(db, pool, 4);
  const { rows } = await pool.query(
    "select m.id, w.number from message m join workspace w on w.id = m.workspace_id where m.source_id = $1 order by m.id",
    [mine.campaignId],
  );
  returnPaths = rows.map(({ id, number }) => bounceAddress(number, id, "bounces.example.com"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.close();
});

async function feedback(
  input: Buffer,
  { args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {},
): Promise<{ code: number | null; said: string; logged: string }> {
  const child = spawn(process.execPath, [path.join(root, "scripts/run.mjs"), "scripts/feedback.ts", ...args], {
    cwd: os.tmpdir(),
    env: { ...process.env, npm_lifecycle_event: "feedback", POSTHORN_DATA_DIR: folder, LOG_LEVEL: "info", ...env },
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      said[name] += chunk;
    });
  // A program that ends before it has read everything is a failure to a mail server.
  let broken: unknown;
  child.stdin.on("error", (error) => {
    broken = error;
  });
  child.stdin.end(input);
  const [code] = await once(child, "close");
  if (code === 0) expect(broken).toBeUndefined();
  return { code, said: said.stdout.trim(), logged: said.stderr };
}

const kinds = async () =>
  (
    await pool.query("select kind, class from feedback where source_id = $1 order by message_id, kind", [
      mine.campaignId,
    ])
  ).rows;

test("a complaint and a bounce are taken from the pipe, and again without any change", async () => {
  const complaint = yahooComplaint({ returnPath: returnPaths[0] as string });
  expect(await feedback(complaint)).toMatchObject({ code: 0, said: "complaint abuse recorded" });
  expect(await feedback(complaint)).toMatchObject({ code: 0, said: "complaint abuse known" });
  const bounce = await feedback(postfixBounce({ returnPath: returnPaths[1] as string }));
  expect(bounce).toMatchObject({ code: 0, said: "bounce hard recorded" });
  expect(bounce.logged).not.toContain("ann@example.com");
  expect(await kinds()).toEqual([
    { kind: "complaint", class: "abuse" },
    { kind: "bounce", class: "hard" },
  ]);
  const rung = await pool.query("select count(*)::int as n from pgboss.job where name = 'campaign.sweep'");
  expect(rung.rows[0].n, "the sweep looks at the breaker").toBeGreaterThan(0);
}, 60_000);

test("a mail that is no report is taken, too, and so is one that is larger than anything", async () => {
  expect(await feedback(personalReply({ returnPath: returnPaths[2] as string }))).toMatchObject({
    code: 0,
    said: "unknown",
  });
  const large = Buffer.concat([
    postfixBounce({ returnPath: returnPaths[2] as string, status: "5.2.2", diagnostic: "smtp; 552 5.2.2 full" }),
    Buffer.alloc(30 * 1024 * 1024, "x"),
  ]);
  expect(await feedback(large)).toMatchObject({ code: 0, said: "bounce soft recorded" });
}, 60_000);

test("what is no mail, and what nobody can mean, is said with the code for it", async () => {
  expect(await feedback(Buffer.alloc(0))).toMatchObject({ code: 65 });
  expect(await feedback(Buffer.from("\0\0\0\0"))).toMatchObject({ code: 65 });
  expect(await feedback(Buffer.alloc(0), { args: ["--what"] })).toMatchObject({ code: 64 });
  expect(await feedback(Buffer.alloc(0), { args: ["--mbox"] })).toMatchObject({ code: 64 });
}, 60_000);

test("with the database away the mail server is to try again", async () => {
  const away = await feedback(yahooComplaint({ returnPath: returnPaths[3] as string }), {
    env: { DATABASE_URL: "postgres://anna:open-sesame@127.0.0.1:9/news" },
  });
  expect(away.code).toBe(75);
  expect(away.logged + away.said).not.toContain("open-sesame");
}, 60_000);

test("a mailbox file is taken whole", async () => {
  const file = path.join(folder, "mbox");
  const mail = postfixBounce({ returnPath: returnPaths[3] as string });
  writeFileSync(file, Buffer.concat([mail, Buffer.from("\n"), mail]));
  expect(await feedback(Buffer.alloc(0), { args: ["--mbox", file] })).toMatchObject({
    code: 0,
    said: "bounce hard recorded\nbounce hard known",
  });
}, 60_000);
