import { eventStream } from "#app/_web/event-stream.ts";
import { withActor } from "#app/_web/route.ts";
import { db } from "#lib/db.ts";
import { NotFound } from "#lib/errors.ts";
import { isId } from "#lib/ids.ts";
import type { EngagedPeople } from "#lib/reports/engagement.ts";
import { liveReport, movingStatuses } from "#lib/reports/live.ts";

/** The moving numbers of a report, once a second while mails go out; who opened and clicked every fifth time. */
export const GET = withActor(
  async ({ scope }, request, { params }: RouteContext<"/api/campaigns/[id]/report/live">) => {
    const { id } = await params;
    if (!isId(id)) throw new NotFound("campaign");
    // Asked once before the stream begins, so that a foreign id is a 404 and not a broken stream.
    let people: EngagedPeople | undefined = (await liveReport(db(), scope, id)).people;
    let looks = 0;
    return eventStream(request.signal, 1000, async () => {
      looks += 1;
      const live = await liveReport(db(), scope, id, looks % 5 === 0 ? undefined : people);
      people = live.people;
      const isOver = !movingStatuses.includes(live.status) && live.status !== "paused" && !live.deciding;
      return { data: live, isLast: isOver };
    });
  },
);
