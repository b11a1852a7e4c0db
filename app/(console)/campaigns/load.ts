import { notFound } from "next/navigation";
import { cache } from "react";
import { requireActor } from "#app/_web/actor.ts";
import { orNotFound } from "#app/_web/or-not-found.ts";
import { getCampaign } from "#lib/campaigns/find.ts";
import { db } from "#lib/db.ts";
import { isId } from "#lib/ids.ts";

/** The campaign of a page's address, asked for once per request; otherwise the page that says it is not there. */
export const loadCampaign = cache(async (id: string) => {
  const { scope } = await requireActor();
  if (!isId(id)) notFound();
  return orNotFound(getCampaign(db(), scope, id));
});
