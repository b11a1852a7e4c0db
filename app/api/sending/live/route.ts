import { eventStream } from "#app/_web/event-stream.ts";
import { withActor } from "#app/_web/route.ts";
import { db } from "#lib/db.ts";
import { sendingView } from "#lib/reports/sending.ts";
import { rateMeter } from "#lib/reports/sending-rate.ts";

/** What goes on in the workspace, once a second, with the rate between the looks; the next tries every tenth time. */
export const GET = withActor(async ({ scope }, request) => {
  // Asked once before the stream begins, so that a refusal is an answer and not a broken stream.
  let { retries } = await sendingView(db(), scope);
  const measure = rateMeter();
  let looks = 0;
  return eventStream(request.signal, 1000, async () => {
    looks += 1;
    const view = await sendingView(db(), scope, looks % 10 === 0 ? undefined : retries);
    retries = view.retries;
    return { data: { ...view, rate: measure(performance.now(), view.campaigns) }, isLast: false };
  });
});
