import { download } from "#app/_web/download.ts";
import { withActor } from "#app/_web/route.ts";
import { db } from "#lib/db.ts";
import { NotFound } from "#lib/errors.ts";
import { getMail } from "#lib/inbox/read.ts";

export const GET = withActor(
  async ({ scope }, _request, { params }: RouteContext<"/api/inbox/[id]/attachments/[index]">) => {
    const { id, index } = await params;
    const { parsed } = await getMail(db(), scope, id);
    const attachment = /^\d{1,3}$/.test(index) ? parsed.attachments[Number(index)] : undefined;
    if (!attachment) throw new NotFound("attachment");
    return download(attachment.content, attachment.name, attachment.mediaType);
  },
);
