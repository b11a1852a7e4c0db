import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { uploadImport } from "#lib/audience/import/upload.ts";
import { config } from "#lib/config.ts";
import { closeDb, db } from "#lib/db.ts";
import { storage } from "#lib/storage.ts";

/**
 * A process that uploads two files of people into its data folder, one of `megabytes` and a small one, and prints what
 * came of each and what lies in the folder. For a test that makes that folder small. Arguments: workspace, megabytes.
 */
const [workspaceId = "", megabytes = ""] = process.argv.slice(2);

function* people(bytes: number): Generator<Buffer> {
  yield Buffer.from("email,first name\n");
  for (let written = 0, n = 0; written < bytes; n++) {
    const rows = Array.from({ length: 500 }, (_, i) => `person-${n}-${i}@example.com,Person ${i}\n`).join("");
    written += rows.length;
    yield Buffer.from(rows);
  }
}

async function upload(fileName: string, bytes: number): Promise<string> {
  try {
    const scope = { workspaceId, role: "owner", userId: null } as const;
    await uploadImport(db(), scope, storage(), { fileName, content: Readable.from(people(bytes)), maxBytes: 1e9 });
    return "taken";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

const large = await upload("large.csv", Number(megabytes) * 1_000_000);
const folder = path.join(config().POSTHORN_DATA_DIR, "files");
const left = existsSync(folder)
  ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length
  : 0;
const small = await upload("small.csv", 1000);
process.stdout.write(`${JSON.stringify({ large, left, small })}\n`);
await closeDb();
