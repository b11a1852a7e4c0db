import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { bounceAddress } from "#lib/bounce-address.ts";
import type { Db, Pool } from "#lib/db.ts";
import { takeMail } from "#lib/feedback/take-mail.ts";
import { refusalCode, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { yahooComplaint } from "#tests/support/feedback-mails.ts";
import { sendingCampaign } from "#tests/support/sending-campaign.ts";
import { getCampaign } from "./find.ts";
import { pauseCampaign, resumeCampaign } from "./steer.ts";
import { sweepCampaigns } from "./sweep.ts";
import { pauseForTrouble, pauseIfTripped } from "./trouble.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Awaited<ReturnType<typeof sendingCampaign>>;
let theirs: Awaited<ReturnType<typeof sendingCampaign>>;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool.query("delete from campaign");
  mine = await sendingCampaign(db, pool, 200);
  theirs = await sendingCampaign(db, pool, 200);
});

const seen = async ({ scope, campaignId }: typeof mine) => {
  const { status, pauseReason, overruled } = await getCampaign(db, scope, campaignId);
  return { status, pauseReason, overruled };
};
/** What the workers wrote down about the first chunk. */
const answers = (columns: string) => pool.query(`update chunk set ${columns} where source_id = $1`, [mine.campaignId]);

test("the sweep pauses a campaign that a breaker stops, with its numbers, and nobody else's", async () => {
  await answers("sent = 90, failed = 30, hard = 30");
  await sweepCampaigns(db);
  expect(await seen(mine)).toEqual({ status: "paused", pauseReason: "hard 30/120: ", overruled: [] });
  expect((await seen(theirs)).status).toBe("sending");
  const audit = await pool.query(
    "select action, detail from audit_entry where subject_id = $1 order by id desc limit 1",
    [mine.campaignId],
  );
  expect(audit.rows).toEqual([{ action: "campaign.paused_by_engine", detail: { reason: "hard 30/120: " } }]);
});

test("where nothing is left to send no breaker stops it, and it finishes", async () => {
  const settle = (id: string) =>
    pool.query(
      `with written as (
         insert into attempt (workspace_id, launch_month, message_id, n, source_id, chunk, state, fence, class)
         select workspace_id, launch_month, id, 1, source_id, chunk, 'failed', 1, 'hard' from message where source_id = $1)
       update chunk set failed = 200, hard = 200, state = 'leased', lease_until = now() + interval '1 minute'
       where source_id = $1`,
      [id],
    );
  await settle(mine.campaignId);
  expect(await pauseIfTripped(db, mine.scope.workspaceId, mine.campaignId)).toBe(false);
  await answers("state = 'done', lease_until = null");
  await sweepCampaigns(db);
  expect(await seen(mine)).toMatchObject({ status: "finished", pauseReason: null });

  // Stopped while the last answers were on their way: there is nothing to overrule it for.
  await pauseForTrouble(db, theirs.scope.workspaceId, theirs.campaignId, "hard 30/120: no");
  await settle(theirs.campaignId);
  await sweepCampaigns(db);
  expect((await seen(theirs)).status, "a worker holds it still").toBe("paused");
  await pool.query("update chunk set state = 'done' where source_id = $1", [theirs.campaignId]);
  await sweepCampaigns(db);
  expect(await seen(theirs)).toMatchObject({ status: "finished", pauseReason: null });
});

test("it goes on only when that breaker is overruled by name, which stands in the audit trail", async () => {
  await answers("sent = 90, failed = 30, hard = 30");
  await sweepCampaigns(db);
  const resume = (breaker?: "hard" | "block") => resumeCampaign(db, mine.scope, mine.campaignId, breaker);
  expect(await refusalCode(resume())).toBe("campaign.breaker_stands");
  expect(await refusalCode(resume("block"))).toBe("campaign.breaker_stands");
  expect(await refusalCode(resumeCampaign(db, theirs.scope, mine.campaignId, "hard"))).toBe("not_found");
  const viewer = { ...mine.scope, role: "viewer" } as const;
  expect(await refusalCode(resumeCampaign(db, viewer, mine.campaignId, "hard"))).toBe("auth.not_allowed");
  expect((await seen(mine)).status).toBe("paused");

  await resume("hard");
  expect(await seen(mine)).toEqual({ status: "sending", pauseReason: null, overruled: ["hard"] });
  const audit = await pool.query(
    "select action, detail from audit_entry where subject_id = $1 order by id desc limit 1",
    [mine.campaignId],
  );
  expect(audit.rows).toMatchObject([
    { action: "campaign.overrule", detail: { breaker: "hard", count: 30, tried: 120 } },
  ]);
});

test("an overruled breaker never stops this campaign again, the others still do", async () => {
  await answers("sent = 90, failed = 30, hard = 30");
  await sweepCampaigns(db);
  await resumeCampaign(db, mine.scope, mine.campaignId, "hard");
  await answers("sent = 90, failed = 60, hard = 60");
  await sweepCampaigns(db);
  expect((await seen(mine)).status).toBe("sending");

  await answers("blocked = 40");
  await sweepCampaigns(db);
  expect(await seen(mine)).toMatchObject({ status: "paused", pauseReason: "block 40/150: " });
  await resumeCampaign(db, mine.scope, mine.campaignId, "block");
  await sweepCampaigns(db);
  expect(await seen(mine)).toEqual({ status: "sending", pauseReason: null, overruled: ["hard", "block"] });
});

test("a look that was begun before it was overruled does not pause it after", async () => {
  await answers("sent = 90, failed = 30, hard = 30");
  await pauseIfTripped(db, mine.scope.workspaceId, mine.campaignId);
  await resumeCampaign(db, mine.scope, mine.campaignId, "hard");
  await pauseForTrouble(db, mine.scope.workspaceId, mine.campaignId, "hard 30/120: late");
  expect((await seen(mine)).status).toBe("sending");
  await pauseForTrouble(db, mine.scope.workspaceId, mine.campaignId, "auth: 550 5.7.26 no");
  expect(await seen(mine), "what is no breaker cannot be overruled").toMatchObject({
    status: "paused",
    pauseReason: "auth: 550 5.7.26 no",
  });
  await resumeCampaign(db, mine.scope, mine.campaignId);
});

test("of two who overrule at once one does, and it stands there once", async () => {
  await answers("sent = 90, failed = 30, hard = 30");
  await sweepCampaigns(db);
  const both = await Promise.allSettled([1, 2].map(() => resumeCampaign(db, mine.scope, mine.campaignId, "hard")));
  expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await seen(mine)).overruled).toEqual(["hard"]);
});

test("what a person paused is resumed as before, and a breaker that trips meanwhile stops it then", async () => {
  await pauseCampaign(db, mine.scope, mine.campaignId);
  await answers("failed = 3, content = 3");
  await sweepCampaigns(db);
  expect((await seen(mine)).pauseReason).toBe("person");
  await resumeCampaign(db, mine.scope, mine.campaignId);
  await sweepCampaigns(db);
  expect(await seen(mine)).toMatchObject({ status: "paused", pauseReason: "content 3/3: " });
});

test("complaints stop a campaign with something left to send; one that is out is finished", async () => {
  const number = async ({ scope }: typeof mine) =>
    (await pool.query("select number from workspace where id = $1", [scope.workspaceId])).rows[0].number as number;
  const complain = async (about: typeof mine, from: number, to: number) => {
    const { rows } = await pool.query("select id from message where source_id = $1 order by id offset $2 limit $3", [
      about.campaignId,
      from,
      to - from,
    ]);
    for (const { id } of rows) {
      const returnPath = bounceAddress(await number(about), id, "bounces.example.com");
      expect(await takeMail(db, yahooComplaint({ returnPath }))).toMatchObject({ outcome: "recorded" });
    }
  };
  await answers("sent = 100");
  await complain(mine, 0, 2);
  await sweepCampaigns(db);
  expect((await seen(mine)).status, "two may be a slip").toBe("sending");
  await complain(mine, 2, 3);
  await sweepCampaigns(db);
  expect(await seen(mine)).toMatchObject({
    status: "paused",
    pauseReason: "complaint 3/100: Yahoo!-Mail-Feedback/2.0",
  });
  expect(await refusalCode(resumeCampaign(db, mine.scope, mine.campaignId))).toBe("campaign.breaker_stands");
  await resumeCampaign(db, mine.scope, mine.campaignId, "complaint");
  await complain(mine, 3, 6);
  await sweepCampaigns(db);
  expect(await seen(mine)).toEqual({ status: "sending", pauseReason: null, overruled: ["complaint"] });

  await pool.query("update chunk set sent = total, state = 'done' where source_id = $1", [theirs.campaignId]);
  await complain(theirs, 0, 5);
  await sweepCampaigns(db);
  expect(await seen(theirs)).toMatchObject({ status: "finished", pauseReason: null });
});
