import { closeDb, db } from "#lib/db.ts";
import { verifyCounts } from "#lib/reports/verify.ts";

/*
 * npm run verify: counts the rows behind every number that is kept beside them (chunk rollups, frozen counts, first
 * touches) and names each that differs. Exits with 1 when one does.
 */

try {
  const { campaigns, differences } = await verifyCounts(db());
  for (const { name, campaignId, what, shown, counted } of differences) {
    console.error(`${name} (${campaignId}): ${what} is shown as ${shown}, and there are ${counted} rows.`);
  }
  const launched = `${campaigns} launched ${campaigns === 1 ? "campaign" : "campaigns"}`;
  console.log(
    differences.length === 0
      ? `Every number is a count of rows (${launched}).`
      : `${differences.length} numbers differ (${launched}).`,
  );
  process.exitCode = differences.length === 0 ? 0 : 1;
} finally {
  await closeDb();
}
