import { withActor } from "#app/_web/route.ts";
import { countAudience, listRecipients } from "#lib/audience/audience-query.ts";
import { allow } from "#lib/auth/roles.ts";
import { audienceQuery } from "#lib/campaigns/input.ts";
import { db } from "#lib/db.ts";

/** Who a choice of lists would reach: counts by reason, and the first few recipients by name. */
export const GET = withActor(async ({ scope }, request) => {
  allow(scope, "read");
  const query = new URL(request.url).searchParams;
  const parsed = audienceQuery.safeParse({ include: query.getAll("include"), exclude: query.getAll("exclude") });
  if (!parsed.success) return Response.json({ code: "invalid_input" }, { status: 400 });
  const lists = { includeListIds: parsed.data.include, excludeListIds: parsed.data.exclude };
  const [counts, peek] = await Promise.all([
    countAudience(db(), scope.workspaceId, lists),
    listRecipients(db(), scope.workspaceId, lists, { after: null, limit: 20 }),
  ]);
  const headers = { "cache-control": "private, no-store" };
  return Response.json({ ...counts, first: peek.recipients.map((person) => person.email) }, { headers });
});
