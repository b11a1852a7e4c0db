import { launch } from "#lib/campaigns/launch.ts";
import { db } from "#lib/db.ts";

/**
 * A process that launches a campaign as the web process does when somebody clicks, for a test to kill. Arguments:
 * workspace, campaign, version, confirmed count. It stays alive afterwards, as a web process would.
 */
const [workspaceId = "", campaignId = "", version = "", confirmedCount = ""] = process.argv.slice(2);
await launch(
  db(),
  { workspaceId, role: "owner", userId: null },
  {
    campaignId,
    version: Number(version),
    when: { kind: "now" },
    confirmedCount: Number(confirmedCount),
    acceptPlainHttp: true,
  },
);
process.send?.({ launched: true });
setInterval(() => {}, 1000);
