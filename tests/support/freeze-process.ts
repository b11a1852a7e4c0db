import { freezeCampaign } from "#lib/campaigns/freeze.ts";
import { db } from "#lib/db.ts";

/** A process that writes a campaign's message rows in small pages, for a test to kill. Arguments: workspace, campaign, page size. */
const [workspaceId = "", campaignId = "", pageSize = ""] = process.argv.slice(2);
await freezeCampaign(db(), workspaceId, campaignId, { pageSize: Number(pageSize) });
process.exit(0);
