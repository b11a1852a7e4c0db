import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Db, Pool } from "#lib/db.ts";
import { useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { type JournalSmtp, startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import type { Rule } from "#tests/support/journal-smtp-rules.ts";
import { claimNext, sendingCampaign } from "#tests/support/sending-campaign.ts";
import { resolveSender } from "../senders/resolve.ts";
import { loadCampaignMail } from "./campaign-mail.ts";
import type { ClaimedChunk } from "./claim.ts";
import { feedChunk } from "./feed-chunk.ts";
import { createJudge } from "./judge.ts";
import { retrySchedule } from "./retry-schedule.ts";
import { createSenderLine, type SenderLine } from "./sender-line.ts";
import { createSettleQueue } from "./settle-queue.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let server: JournalSmtp;
let line: SenderLine;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
afterEach(async () => {
  await line.close(0);
  await server.stop();
  await pool.query("update campaign set status = 'cancelled'");
});

/** A claimed chunk that is being fed to a server, and a promise of its end. */
async function feed(people: number, rule: Rule): Promise<{ chunk: ClaimedChunk; fed: Promise<void> }> {
  server = await startJournalSmtp({ rules: [rule] });
  const mine = await sendingCampaign(db, pool, people);
  const { workspaceId } = mine.scope;
  const { rows } = await pool.query(
    `insert into sender (workspace_id, name, kind, host, port, tls_mode, connections, messages_per_connection)
     values ($1, 'journal', 'smtp', '127.0.0.1', $2, 'none', 2, 1000) returning id`,
    [workspaceId, server.port],
  );
  const sender = await resolveSender(db, workspaceId, rows[0].id);
  const campaign = await loadCampaignMail(db, workspaceId, mine.campaignId);
  const { chunk } = await claimNext(db);
  const settle = createSettleQueue(db, async () => {});
  line = createSenderLine(sender, { timeouts: {}, reserve: settle.reserve, onDown: () => {}, onUp: () => {} });
  const judge = createJudge(campaign, retrySchedule("bulk"), () => {});
  const fed = feedChunk(chunk, {
    db,
    line,
    limits: sender.limits,
    campaign,
    settle,
    laneLimits: () => new Map(),
    onLimit: () => {},
    mayGoOn: () => true,
    judge: (message, result) => judge(message, result, Date.now(), () => {}),
  });
  return { chunk, fed };
}

const runsOut = (chunk: ClaimedChunk) => {
  chunk.lease.deadline = performance.now();
};
const statesOf = async (chunk: ClaimedChunk) =>
  (
    await pool.query("select state, count(*)::int as n from message_state where source_id = $1 group by 1", [
      chunk.campaignId,
    ])
  ).rows;

test("once the lease has run out no MAIL is written, however fresh the marks", async () => {
  const { chunk, fed } = await feed(10, { id: "door", at: "connect", hold: true });
  await vi.waitFor(async () => {
    const { rowCount } = await pool.query("select 1 from mark where source_id = $1", [chunk.campaignId]);
    expect(rowCount).toBeGreaterThan(0);
  });
  runsOut(chunk);
  await server.setRules([]);
  await server.release("door");
  await fed;
  expect((await server.counters()).mail).toBe(0);
  expect(await statesOf(chunk)).toEqual([{ state: "pending", n: 10 }]);
});

test("once the lease has run out no body is written, though the server asks for it", async () => {
  const { chunk, fed } = await feed(10, { id: "354", at: "data", tell: true, hold: true });
  await server.reached();
  await server.reached();
  runsOut(chunk);
  await server.setRules([]);
  await server.release("354");
  await fed;
  expect(await server.accepted()).toEqual([]);
  expect(await statesOf(chunk)).toEqual([{ state: "pending", n: 10 }]);
});
