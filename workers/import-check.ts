import { checkImport } from "#lib/audience/import/run.ts";
import { sessionPool } from "#lib/db.ts";
import type { Payload } from "#lib/queue.ts";
import { storage } from "#lib/storage.ts";

export function handleImportCheck(payload: Payload<"import.check">, signal: AbortSignal): Promise<void> {
  return checkImport({ pool: sessionPool(), storage: storage() }, payload, signal);
}
