import { config } from "#lib/config.ts";
import { db } from "#lib/db.ts";
import { log } from "#lib/log.ts";
import { prepareDemo } from "#lib/sample/demo.ts";

/**
 * With POSTHORN_DEMO set, loads the sample workspace and launches one campaign to the built-in inbox. The login of an
 * owner who was made for the demo is told once, on the terminal and in no log file.
 */
export async function startDemo(): Promise<void> {
  if (!config().POSTHORN_DEMO) return;
  const { ownerCreated, launched } = await prepareDemo(db());
  if (ownerCreated) say(`Demo login: ${ownerCreated.email}, password ${ownerCreated.password}`);
  if (launched) log.info(launched, "the demo campaign is launched");
}

/** The supervisor shows it; a worker that runs alone has the terminal to itself. */
function say(line: string): void {
  if (process.send) process.send({ say: line });
  else process.stdout.write(`${line}\n`);
}
