import { withActor } from "#app/_web/route.ts";
import { db } from "#lib/db.ts";
import { NotFound } from "#lib/errors.ts";
import { isId } from "#lib/ids.ts";
import { exportRecipients } from "#lib/reports/recipients-csv.ts";
import { recipientFilter } from "#lib/reports/recipients-input.ts";

/** Recipients as a CSV file, streamed; the same filters as the page. */
export const GET = withActor<RouteContext<"/api/campaigns/[id]/report/recipients">>(
  async ({ scope }, request, { params }) => {
    const { id } = await params;
    if (!isId(id)) throw new NotFound("campaign");
    const filter = recipientFilter.parse(Object.fromEntries(new URL(request.url).searchParams));
    const pieces = await exportRecipients(db(), scope, id, filter);
    return new Response(ReadableStream.from(pieces).pipeThrough(new TextEncoderStream()), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="recipients-${id}.csv"`,
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
      },
    });
  },
);
