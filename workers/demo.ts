import { config } from "#lib/config.ts";
import { db } from "#lib/db.ts";
import { log } from "#lib/log.ts";
import { prepareDemo } from "#lib/sample/demo.ts";

/**
 * With POSTHORN_DEMO set, loads the sample workspace and launches one campaign to the built-in inbox. The login of an
 * owner made for the demo is told once, on standard output and never in the log.
 */
export async function startDemo(): Promise<void> {
  if (!config().POSTHORN_DEMO) return;
  const { ownerCreated, launched } = await prepareDemo(db());
  if (ownerCreated) process.stdout.write(`Demo login: ${ownerCreated.email}, password ${ownerCreated.password}\n`);
  if (launched) log.info(launched, "the demo campaign is launched");
}
