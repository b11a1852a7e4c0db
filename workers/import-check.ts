import { checkImport } from "#lib/audience/import/run.ts";
import { pool } from "#lib/db.ts";
import type { Payload } from "#lib/queue.ts";
import { storage } from "#lib/storage.ts";

export function handleImportCheck(payload: Payload<"import.check">, signal: AbortSignal): Promise<void> {
  return checkImport({ pool: pool(), storage: storage() }, payload, signal);
}
