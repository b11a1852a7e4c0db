import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { inArena, kill } from "./arena.ts";
import { tell } from "./judge.ts";

/*
 * The disk that uploads are kept on is full. A file system of 256 KB in memory, mounted in a namespace of the process's
 * own, so that nothing is left of it; where that is not allowed (no Linux, no user namespaces) the test counts as skipped.
 */

const field = inArena();
const root = path.join(import.meta.dirname, "../..");
const smallDisk = mkdtempSync(path.join(os.tmpdir(), "posthorn-fault-disk-"));
const mount = `mount -t tmpfs -o size=256k,mode=0777 posthorn ${smallDisk}`;
const unshare = process.getuid?.() === 0 ? ["--mount"] : ["--mount", "--map-root-user"];
const canMount = spawnSync("unshare", [...unshare, "sh", "-c", mount], { stdio: "ignore" }).status === 0;

test.runIf(canMount)(
  "an upload that the disk has no room for is refused with words, and leaves nothing behind",
  async () => {
    const { pool, databaseUrl } = field.arena();
    const run = await field.run({ people: 10 });
    const output = execFileSync(
      "unshare",
      [
        ...unshare,
        "sh",
        "-c",
        `${mount} && exec "$@"`,
        "sh",
        process.execPath,
        path.join(root, "tests/support/upload-process.ts"),
        run.scope.workspaceId,
        "2",
      ],
      { cwd: root, env: { ...process.env, DATABASE_URL: databaseUrl, POSTHORN_DATA_DIR: smallDisk }, encoding: "utf8" },
    );
    expect(JSON.parse(output.trim().split("\n").at(-1) ?? "")).toEqual({
      large: "storage.full",
      left: 0,
      small: "taken",
    });
    const { rows } = await pool.query("select file_name from import where workspace_id = $1", [run.scope.workspaceId]);
    expect(rows).toEqual([{ file_name: "small.csv" }]);
  },
);

test("sending needs no room on the disk for uploads", async () => {
  const run = await field.run({ people: 600 });
  await run.launch();
  // A host without a data folder is told by its settings which installation it belongs to.
  const { rows } = await field.arena().pool.query("select instance_id from instance");
  const worker = await field.arena().startWorker("no disk", undefined, {
    POSTHORN_DATA_DIR: "/dev/null/none",
    POSTHORN_INSTANCE_ID: rows[0].instance_id,
  });
  try {
    const judged = await run.finished();
    tell("no disk for uploads", judged, 0);
    expect(judged.counts.sent).toBe(600);
    expect(judged.duplicates).toBe(0);
  } finally {
    await kill(worker);
  }
});
