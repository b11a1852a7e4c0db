import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Db, Pool } from "#lib/db.ts";
import { useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { type JournalSmtp, startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import type { Rule } from "#tests/support/journal-smtp-rules.ts";
import { sendingCampaign } from "#tests/support/sending-campaign.ts";
import { countRows, stateCounts } from "./counts.ts";
import { type Dispatcher, type DispatcherEvents, startDispatcher } from "./dispatcher.ts";
import { retrySchedule } from "./retry-schedule.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let server: JournalSmtp;
let dispatcher: Dispatcher;
let maySend = true;
let mine: Awaited<ReturnType<typeof sendingCampaign>>;
const events = {
  onCampaignTrouble: vi.fn(),
  onTripped: vi.fn(),
  onLimit: vi.fn(),
  onSenderTrouble: vi.fn(),
  onChunkDone: vi.fn(),
};

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
afterEach(async () => {
  await dispatcher.stop();
  await server.stop();
  await pool.query("update campaign set status = 'cancelled'");
});

/** A campaign, a scripted server as its sender, and a dispatcher at work. */
async function dispatch(people: number, rules: Rule[] = [], passwordSealed: string | null = null): Promise<void> {
  for (const event of Object.values(events)) event.mockReset().mockResolvedValue(undefined);
  maySend = true;
  events.onCampaignTrouble.mockImplementation(() => setStatus("paused"));
  server = await startJournalSmtp({ rules });
  mine = await sendingCampaign(db, pool, people);
  await pool.query(
    `with made as (insert into sender (workspace_id, name, kind, host, port, tls_mode, connections, messages_per_connection, username, password_sealed)
       values ($1, 'journal', 'smtp', '127.0.0.1', $2, 'none', 3, 1000, case when $4::text is null then '' else 'me' end, $4) returning id)
     update campaign set sender_id = made.id from made where campaign.id = $3`,
    [mine.scope.workspaceId, server.port, mine.campaignId, passwordSealed],
  );
  dispatcher = startDispatcher(db, settings(), events as unknown as DispatcherEvents);
}

const settings = () => ({
  leaseSeconds: 5,
  schedule: retrySchedule("bulk", { delaysSeconds: [0.2] }),
  timeouts: {},
  chunksAtOnce: 2,
  stopGraceMs: 5000,
  maySend: async () => maySend,
});

const setStatus = (status: string) =>
  pool.query("update campaign set status = $2 where id = $1", [mine.campaignId, status]);
const counts = () => stateCounts(db, mine.scope.workspaceId, mine.campaignId);
const until = (condition: () => Promise<void>) => vi.waitFor(condition, { timeout: 15_000, interval: 30 });

test("a campaign is sent to everybody once, and each chunk is reported when it is given back", async () => {
  await dispatch(1200);
  await until(async () => expect((await counts()).sent).toBe(1200));
  await until(async () => expect(events.onChunkDone.mock.calls.length).toBeGreaterThanOrEqual(3));
  expect(events.onChunkDone).toHaveBeenCalledWith(mine.scope.workspaceId, mine.campaignId);
  const accepted = await server.accepted();
  expect(accepted).toHaveLength(1200);
  expect(new Set(accepted.map(({ to }) => to)).size).toBe(1200);
  expect(await countRows(db, mine.scope.workspaceId, mine.campaignId)).toEqual(await counts());
});

test("while sending is locked nothing is claimed, what was claimed goes on with nothing, and all go out after it", async () => {
  await dispatch(1200, [{ at: "dot", delayMs: 15 }]);
  await until(async () => expect((await counts()).sent).toBeGreaterThan(50));
  maySend = false;
  await until(async () => {
    const { rows } = await pool.query("select 1 from chunk where source_id = $1 and state = 'leased'", [
      mine.campaignId,
    ]);
    expect(rows).toEqual([]);
  });
  const { sent, pending } = await counts();
  expect(sent).toBe((await server.accepted()).length);
  expect(pending).toBe(1200 - sent);
  // Two chunks of 500 were claimed: they were not worked to their end.
  expect(sent).toBeLessThan(700);
  maySend = true;
  dispatcher.wake();
  await until(async () => expect((await counts()).sent).toBe(1200));
  expect(new Set((await server.accepted()).map(({ to }) => to)).size).toBe(1200);
  expect(await server.accepted()).toHaveLength(1200);
});

test("a stop leaves nothing marked, and what is not sent is there for others", async () => {
  await dispatch(1500, [{ at: "dot", delayMs: 10 }]);
  await until(async () => expect((await counts()).sent).toBeGreaterThan(50));
  await dispatcher.stop();
  const { sent, pending, total } = await countRows(db, mine.scope.workspaceId, mine.campaignId);
  expect(sent).toBe((await server.accepted()).length);
  expect(sent + pending).toBe(total);
  const { rows } = await pool.query("select 1 from chunk where source_id = $1 and state = 'leased'", [mine.campaignId]);
  expect(rows).toEqual([]);
});

test("a campaign whose domain is not trusted is reported, and again when it was resumed and still is not", async () => {
  await dispatch(60, [{ at: "dot", accept: false, do: { reply: "550 5.7.26 this mail is unauthenticated" } }]);
  await until(async () => expect(events.onCampaignTrouble).toHaveBeenCalledOnce());
  expect(events.onCampaignTrouble).toHaveBeenCalledWith(
    mine.scope.workspaceId,
    mine.campaignId,
    "auth: this mail is unauthenticated",
  );
  await until(async () => expect(events.onChunkDone).toHaveBeenCalled());
  const { deferred } = await counts();
  expect(deferred).toBeLessThan(60);
  await setStatus("sending");
  dispatcher.wake();
  await until(async () => expect(events.onCampaignTrouble).toHaveBeenCalledTimes(2));
});

test("a sender that is away is said to be with the server's words, and to be back when it sends", async () => {
  await dispatch(100, [{ at: "connect", times: 3, do: { reply: "421 4.3.2 closed for lunch", close: true } }]);
  await until(async () =>
    expect(events.onSenderTrouble).toHaveBeenCalledWith(
      mine.scope.workspaceId,
      mine.campaignId,
      "421 4.3.2 closed for lunch",
    ),
  );
  await until(async () => expect(await counts()).toMatchObject({ pending: 100 }));
  await until(async () => expect((await counts()).sent).toBe(100));
  await until(async () =>
    expect(events.onSenderTrouble).toHaveBeenLastCalledWith(mine.scope.workspaceId, mine.campaignId, null),
  );
  const { rows } = await pool.query(
    "select health, health_failures from sender where workspace_id = $1 and name = 'journal'",
    [mine.scope.workspaceId],
  );
  expect(rows).toEqual([{ health: "up", health_failures: 0 }]);
});

test("a hard bounce suppresses in the transaction that writes it down", async () => {
  await dispatch(5, [{ at: "rcpt", to: "-3@", do: { reply: "550 5.1.1 no such user" } }]);
  await until(async () => expect(await counts()).toMatchObject({ sent: 4, failed: 1 }));
  const { rows } = await pool.query("select email_key, reason, detail from suppression where workspace_id = $1", [
    mine.scope.workspaceId,
  ]);
  expect(rows).toMatchObject([{ reason: "hard_bounce", detail: "no such user" }]);
  expect(rows[0].email_key).toContain("-3@");
});

test("a sender whose password cannot be opened loses nobody and is not asked again at once", async () => {
  await dispatch(700, [], "1.0.AAAA.AAAA.AAAA");
  await until(async () => {
    const { rows } = await pool.query(
      `select count(*)::int as n from chunk where source_id = $1 and state = 'waiting' and due_at > now() + interval '30 seconds'`,
      [mine.campaignId],
    );
    expect(rows[0].n).toBe(2);
  });
  expect(await counts()).toMatchObject({ total: 700, pending: 700 });
  await until(async () => expect(events.onSenderTrouble).toHaveBeenCalledTimes(2));
  for (const call of events.onSenderTrouble.mock.calls) expect(call[2]).toMatch(/password cannot be read/);
  expect(await server.accepted()).toEqual([]);
});
