import { withActor } from "#app/_web/route.ts";
import { searchSubscribers } from "#lib/audience/subscriber-search.ts";
import { db } from "#lib/db.ts";

/** A few people by address or name, to look at a mail as one of them. */
export const GET = withActor(async ({ scope }, request) => {
  const q = new URL(request.url).searchParams.get("q")?.slice(0, 200) ?? "";
  const { rows } = await searchSubscribers(db(), scope, { q, limit: 10 });
  const people = rows.map(({ id, email, firstName, lastName }) => ({
    id,
    email,
    name: `${firstName} ${lastName}`.trim(),
  }));
  return Response.json({ people }, { headers: { "cache-control": "private, no-store" } });
});
