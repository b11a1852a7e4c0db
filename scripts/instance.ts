import { closeDb, db } from "#lib/db.ts";
import { untold } from "#lib/instance/judge.ts";
import { lookAtInstance } from "#lib/instance/look.ts";

/*
 * npm run instance: says which installation this host and this database belong to, and whether it may send. Exits with 1
 * while sending is locked here.
 */

try {
  const { locked, recorded, databaseIdentity, host, lastUsedAt, rememberedAt } = await lookAtInstance(db());
  console.log(`The database belongs to: ${recorded.instanceId}`);
  console.log(`This host belongs to:    ${host.id ?? "nothing yet"}`);
  console.log(`Database identity:       ${databaseIdentity} (recorded: ${recorded.databaseIdentity})`);
  console.log(`Last in use:             ${lastUsedAt?.toISOString() ?? "never"}`);
  console.log(`Remembered here:         ${rememberedAt?.toISOString() ?? "nothing"}`);
  if (databaseIdentity.startsWith(untold)) {
    console.log(
      "\nThis server does not tell its identifier, so a copy is known only by the number of its database (oid).\n" +
        "To mend that: grant execute on function pg_control_system() to the user in DATABASE_URL.",
    );
  }
  console.log(`\n${locked ? wordsFor(locked, recorded.instanceId) : "Sending is not locked on this host."}`);
  process.exitCode = locked ? 1 : 0;
} finally {
  await closeDb();
}

function wordsFor(
  reason: NonNullable<Awaited<ReturnType<typeof lookAtInstance>>["locked"]>,
  id: string | null,
): string {
  const confirm = "If this is to send from now on, an owner or admin confirms it in the console of this installation.";
  switch (reason) {
    case "other_database":
      return `Sending is locked: this is not the database that was recorded. It looks like a copy.\n${confirm}`;
    case "set_back":
      return `Sending is locked: the database is older than what this host remembers. It looks like a backup.\n${confirm}`;
    case "other_host":
    case "unknown_host":
      return (
        "Sending is locked on this host: the database belongs to another one.\n" +
        `To let this host work beside it, set POSTHORN_INSTANCE_ID=${id} here.\n` +
        `If this is a copy: ${confirm[0]?.toLowerCase()}${confirm.slice(1)}`
      );
    default:
      return reason satisfies never;
  }
}
