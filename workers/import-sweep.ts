import { reviveImports } from "#lib/audience/import/imports.ts";
import { db } from "#lib/db.ts";

export async function handleImportSweep(): Promise<void> {
  await reviveImports(db());
}
