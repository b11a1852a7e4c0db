import { eventStream } from "#app/_web/event-stream.ts";
import { withActor } from "#app/_web/route.ts";
import { campaignProgress } from "#lib/campaigns/progress.ts";
import { db } from "#lib/db.ts";
import { NotFound } from "#lib/errors.ts";
import { isId } from "#lib/ids.ts";

const pollMilliseconds = 1000;

/** A campaign's counts as server-sent events, whenever they change, until nothing changes by itself any more. */
export const GET = withActor(async ({ scope }, request, { params }: RouteContext<"/api/campaigns/[id]/progress">) => {
  const { id } = await params;
  if (!isId(id)) throw new NotFound("campaign");
  await campaignProgress(db(), scope, id);
  return eventStream(request.signal, pollMilliseconds, async () => {
    const progress = await campaignProgress(db(), scope, id);
    return { data: progress, isLast: ["draft", "finished", "cancelled"].includes(progress.status) };
  });
});
