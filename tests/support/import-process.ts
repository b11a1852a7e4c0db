import { checkImport, runImport } from "#lib/audience/import/run.ts";
import { closeDb, pool } from "#lib/db.ts";
import { storage } from "#lib/storage.ts";

/*
 * A worker that does one import and ends, for tests that kill it: node import-process.ts <check|run> <workspace> <import>.
 */
const [what, workspaceId = "", importId = ""] = process.argv.slice(2);
const work = what === "check" ? checkImport : runImport;
await work({ pool: pool(), storage: storage() }, { workspaceId, importId }, new AbortController().signal);
await closeDb();
