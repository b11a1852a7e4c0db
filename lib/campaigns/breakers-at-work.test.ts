import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Db, Pool } from "#lib/db.ts";
import { type Dispatcher, startDispatcher } from "#lib/delivery/dispatcher.ts";
import { retrySchedule } from "#lib/delivery/retry-schedule.ts";
import { useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { type JournalSmtp, startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import type { Rule } from "#tests/support/journal-smtp-rules.ts";
import { sendingCampaign } from "#tests/support/sending-campaign.ts";
import { readPauseReason, reasonOf } from "./pause-reason.ts";
import { campaignProgress } from "./progress.ts";
import { resumeCampaign } from "./steer.ts";
import { pauseForTrouble } from "./trouble.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let server: JournalSmtp;
let mine: Awaited<ReturnType<typeof sendingCampaign>>;
const dispatchers: Dispatcher[] = [];

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
afterEach(async () => {
  await Promise.all(dispatchers.splice(0).map((one) => one.stop()));
  await server.stop();
  await pool.query("update campaign set status = 'cancelled'");
});

/** A campaign to many people, a scripted server, and two workers that know nothing of each other. */
async function send(people: number, rules: Rule[]): Promise<void> {
  server = await startJournalSmtp({ rules: [...rules, { at: "dot", delayMs: 2 }] });
  mine = await sendingCampaign(db, pool, people);
  await pool.query(
    `with made as (insert into sender (workspace_id, name, kind, host, port, tls_mode, connections, messages_per_connection)
       values ($1, 'journal', 'smtp', '127.0.0.1', $2, 'none', 2, 1000) returning id)
     update campaign set sender_id = made.id from made where campaign.id = $3`,
    [mine.scope.workspaceId, server.port, mine.campaignId],
  );
  for (let i = 0; i < 2; i++)
    dispatchers.push(
      startDispatcher(
        db,
        {
          ...{ leaseSeconds: 5, timeouts: {}, chunksAtOnce: 1, stopGraceMs: 5000, maySend: async () => true },
          schedule: retrySchedule("bulk", { delaysSeconds: [3600] }),
        },
        {
          onCampaignTrouble: (w, c, reason) => pauseForTrouble(db, w, c, reason),
          onLimit: async () => {},
          onTripped: (w, c, found) => pauseForTrouble(db, w, c, reasonOf(found)),
          onSenderTrouble: async () => {},
          onChunkDone: async () => {},
        },
      ),
    );
}

const progress = () => campaignProgress(db, mine.scope, mine.campaignId);
const until = (condition: () => Promise<void>) => vi.waitFor(condition, { timeout: 30_000, interval: 30 });
const stopped = async () => {
  await until(async () => expect((await progress()).status).toBe("paused"));
  return readPauseReason((await progress()).pauseReason ?? "");
};

test("a list of which every fifth address does not exist stops both workers, and overruled it goes to its end", async () => {
  await send(4000, [{ at: "rcpt", to: "[05]@", do: { reply: "550 5.1.1 no such user" } }]);
  expect(await stopped()).toMatchObject({ kind: "breaker", breaker: "hard", words: "550 5.1.1 no such user" });
  await until(async () => expect((await progress()).sending).toBe(0));
  const { pending, failed } = await progress();
  expect(pending).toBeGreaterThan(1000);
  const { rows } = await pool.query("select sum(hard)::int as hard from chunk where source_id = $1", [mine.campaignId]);
  expect(rows).toEqual([{ hard: failed }]);
  await resumeCampaign(db, mine.scope, mine.campaignId, "hard");
  await until(async () => expect(await progress()).toMatchObject({ status: "sending", pending: 0, sending: 0 }));
});

test("three refusals of the content, whichever worker got them, stop the campaign", async () => {
  await send(3000, [{ at: "dot", accept: false, times: 3, do: { reply: "552 5.3.4 message too big" } }]);
  expect(await stopped()).toMatchObject({ breaker: "content", count: 3, words: "552 5.3.4 message too big" });
});

test("one in ten refused as spam stops the campaign", async () => {
  await send(4000, [{ at: "rcpt", to: "5@", do: { reply: "554 5.7.1 looks like spam" } }]);
  expect(await stopped()).toMatchObject({ breaker: "block", words: "554 5.7.1 looks like spam" });
});
