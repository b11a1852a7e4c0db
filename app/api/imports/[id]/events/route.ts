import { eventStream } from "#app/_web/event-stream.ts";
import { withActor } from "#app/_web/route.ts";
import { getImport } from "#lib/audience/import/imports.ts";
import { allow } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { NotFound } from "#lib/errors.ts";
import { isId } from "#lib/ids.ts";

/** Where an import is, as server-sent events, until it waits for somebody or is over. */
export const GET = withActor<RouteContext<"/api/imports/[id]/events">>(async ({ scope }, request, { params }) => {
  const { id } = await params;
  allow(scope, "read");
  if (!isId(id)) throw new NotFound("import");
  await getImport(db(), scope, id);
  return eventStream(request.signal, 400, async () => {
    const { status, stage, rowsDone, rowsTotal } = await getImport(db(), scope, id);
    return { data: { status, stage, rowsDone, rowsTotal }, isLast: status !== "checking" && status !== "importing" };
  });
});
