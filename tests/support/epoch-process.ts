import { db } from "#lib/db.ts";
import { raiseEpoch } from "#lib/instance/epoch.ts";

/* A worker that does nothing but say that the database is in use, again and again, for tests that kill it. */
for (;;) {
  await raiseEpoch(db());
  process.send?.("raised");
}
