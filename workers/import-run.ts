import { runImport } from "#lib/audience/import/run.ts";
import { sessionPool } from "#lib/db.ts";
import type { Payload } from "#lib/queue.ts";
import { storage } from "#lib/storage.ts";

export function handleImportRun(payload: Payload<"import.run">, signal: AbortSignal): Promise<void> {
  return runImport({ pool: sessionPool(), storage: storage() }, payload, signal);
}
