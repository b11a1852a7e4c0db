import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { createField } from "#lib/audience/fields.ts";
import { checkLater, getImport, type Import, runLater } from "#lib/audience/import/imports.ts";
import type { Target } from "#lib/audience/import/input.ts";
import { uploadImport } from "#lib/audience/import/upload.ts";
import { asDb, closeDb, openPool } from "#lib/db.ts";
import { localStorage } from "#lib/storage.ts";
import { makeList, makeWorkspace } from "#tests/support/audience.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";

/*
 * npm run bench -- import [rows]: imports a file of six columns through a real worker process, once with all people
 * new and once with all of them known and changed. The clock runs from the upload being finished to the people being
 * there, with the dry run inside.
 */

const rows = Number(process.argv[2] ?? 1_000_000);
const root = path.join(import.meta.dirname, "../..");
const folder = mkdtempSync(path.join(os.tmpdir(), "posthorn-bench-import-"));
const database = await createTestDatabase();
process.env.DATABASE_URL = database.url;
process.env.POSTHORN_DATA_DIR = folder;
const pool = openPool(database.url, 4);
const db = asDb(pool);
const storage = localStorage(path.join(folder, "files"));

const worker = spawn(process.execPath, [path.join(root, "workers/index.ts")], {
  env: { ...process.env, DATABASE_URL: database.url, POSTHORN_DATA_DIR: folder, LOG_LEVEL: "warn" },
  stdio: ["ignore", "inherit", "inherit", "ipc"],
});
const exited = once(worker, "exit");
try {
  await Promise.race([once(worker, "message"), exited.then(() => Promise.reject(new Error("the worker ended")))]);
  const idle = peakMegabytes();
  const scope = await makeWorkspace(db);
  const listId = await makeList(db, scope, "Everybody");
  for (const [label, type] of [
    ["City", "text"],
    ["Born", "date"],
    ["Points", "number"],
  ] as const)
    await createField(db, scope, { label, type });

  console.log(
    `${rows.toLocaleString("en")} rows × 6 columns; PostgreSQL ${(await pool.query("show server_version")).rows[0].server_version}, ${os.cpus().length} cores`,
  );
  console.log(`fsync ${(await pool.query("show fsync")).rows[0].fsync}, worker before the import: ${idle} MB`);
  await measure("all new", await writeFile("new.csv", "Rome"));
  await measure("all known and changed", await writeFile("changed.csv", "Oslo"));
  const peak = peakMegabytes();
  console.log(`peak memory of the worker process: ${peak} MB`);

  async function measure(what: string, file: string): Promise<void> {
    const upload = performance.now();
    const content = createReadStream(file);
    const { id } = await uploadImport(db, scope, storage, { fileName: "people.csv", content, maxBytes: 2 ** 32 });
    const uploaded = performance.now();
    const mapping = (await getImport(db, scope, id)).mapping as Array<Target | null>;
    const rest = {
      consentBasis: "A benchmark: nobody is mailed.",
      confirmed: true,
      updateExisting: "overwrite",
      dateOrder: "dmy",
    } as const;
    await checkLater(db, scope, { id, mapping, listIds: [listId], ...rest });
    await reach(id, "checked");
    const checked = performance.now();
    await runLater(db, scope, id);
    const done = await reach(id, "done");
    const ended = performance.now();
    const seconds = (ended - uploaded) / 1000;
    const megabytes = Math.round(statSync(file).size / 1e6);
    console.log(
      `${what}: ${seconds.toFixed(1)} s = ${Math.round(rows / seconds).toLocaleString("en")} rows/s ` +
        `(upload of ${megabytes} MB ${((uploaded - upload) / 1000).toFixed(1)} s, dry run ${((checked - uploaded) / 1000).toFixed(1)} s, ` +
        `import ${((ended - checked) / 1000).toFixed(1)} s) ${JSON.stringify(done.result)}`,
    );
  }

  async function reach(id: string, status: Import["status"]): Promise<Import> {
    for (;;) {
      const current = await getImport(db, scope, id);
      if (current.status === status) return current;
      if (current.status === "failed" || worker.exitCode !== null)
        throw new Error(`the import failed: ${current.error}`);
      await delay(50);
    }
  }
} finally {
  worker.kill("SIGTERM");
  await exited;
  await closeDb();
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
  // The queue that uploads and starts ring through keeps a timer of its own.
  setImmediate(() => process.exit());
}

async function writeFile(name: string, city: string): Promise<string> {
  const file = path.join(folder, name);
  function* lines() {
    yield "email,first name,last name,city,born,points\n";
    for (let i = 0; i < rows; i += 1000) {
      let text = "";
      for (let n = i; n < Math.min(rows, i + 1000); n++) {
        // A fixed shuffle, so that addresses do not come in the order of the index.
        const who = (n * 7_919) % rows;
        text += `person.${who}@mail-${who % 997}.example.com,First${who % 5000},Last${who % 9000},${city},19${50 + (who % 50)}-0${1 + (who % 9)}-1${who % 10},${who % 1000}\n`;
      }
      yield text;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(file));
  return file;
}

/** The most memory the worker has ever had, as the kernel counts it (Linux). */
function peakMegabytes(): number {
  const status = readFileSync(`/proc/${worker.pid}/status`, "utf8");
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
}
