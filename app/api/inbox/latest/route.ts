import { withActor } from "#app/_web/route.ts";
import { db } from "#lib/db.ts";
import { inboxState } from "#lib/inbox/list.ts";

/** What the list page looks at every two seconds. */
export const GET = withActor(async ({ scope }) =>
  Response.json(await inboxState(db(), scope), { headers: { "cache-control": "private, no-store" } }),
);
