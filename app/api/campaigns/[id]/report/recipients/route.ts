import { withActor } from "#app/_web/route.ts";
import { db } from "#lib/db.ts";
import { NotFound } from "#lib/errors.ts";
import { isId } from "#lib/ids.ts";
import { readReports } from "#lib/replica.ts";
import { exportRecipients } from "#lib/reports/recipients-csv.ts";
import { recipientFilter } from "#lib/reports/recipients-input.ts";
import { needsFreshReads, reportHead } from "#lib/reports/report-head.ts";

/** Recipients as a CSV file, streamed as fast as it is taken; the same filters as the page. */
export const GET = withActor(
  async ({ scope }, request, { params }: RouteContext<"/api/campaigns/[id]/report/recipients">) => {
    const { id } = await params;
    if (!isId(id)) throw new NotFound("campaign");
    const filter = recipientFilter.parse(Object.fromEntries(new URL(request.url).searchParams));
    const fresh = needsFreshReads(await reportHead(db(), scope, id));
    const pieces = await exportRecipients(db(), scope, id, filter, (work) => readReports(work, { fresh }));
    return new Response(bytesOf(pieces), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="recipients-${id}.csv"`,
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
      },
    });
  },
);

function bytesOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    // The reader went away: no further page is asked of the database.
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
