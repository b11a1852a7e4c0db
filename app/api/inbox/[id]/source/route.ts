import { download } from "#app/_web/download.ts";
import { withActor } from "#app/_web/route.ts";
import { db } from "#lib/db.ts";
import { getMail } from "#lib/inbox/read.ts";

/** The mail as it came, byte for byte. */
export const GET = withActor(async ({ scope }, _request, { params }: RouteContext<"/api/inbox/[id]/source">) => {
  const { id, raw } = await getMail(db(), scope, (await params).id);
  return download(raw, `${id}.eml`, "message/rfc822");
});
