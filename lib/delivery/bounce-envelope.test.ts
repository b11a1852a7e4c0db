import { once } from "node:events";
import type { AddressInfo } from "node:net";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { readBounceAddress } from "#lib/bounce-address.ts";
import type { Db, Pool } from "#lib/db.ts";
import { addDomain, removeBounceDomain, setBounceDomain } from "#lib/senders/domains/save.ts";
import { useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { sendingCampaign } from "#tests/support/sending-campaign.ts";
import { type Dispatcher, startDispatcher } from "./dispatcher.ts";
import { retrySchedule } from "./retry-schedule.ts";

/* Campaigns through a real dispatcher to a real server, over both wires: what stands in MAIL FROM. */

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Awaited<ReturnType<typeof sendingCampaign>>;
let domainId: string;
let server: SMTPServer;
let dispatcher: Dispatcher;
let received: Array<{ from: string; to: string; mail: Buffer }>;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  received = [];
  mine = await sendingCampaign(db, pool, 5);
  domainId = await addDomain(db, mine.scope, { domain: "example.com" });
  await setBounceDomain(db, mine.scope, { domainId, host: "bounces.example.com", server: "mx.example.com" });
});
afterEach(async () => {
  await dispatcher.stop();
  await new Promise<void>((resolve) => server.close(resolve));
  await pool.query("update campaign set status = 'cancelled'");
});

const seen = () =>
  pool.query("update sending_domain set bounce_since = now() where id = $1 and bounce_host is not null", [domainId]);

/** Sends the campaign to a server that offers pipelining or not. */
async function send(hidePIPELINING = false): Promise<typeof received> {
  server = new SMTPServer({
    authOptional: true,
    hidePIPELINING,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      const pieces: Buffer[] = [];
      stream.on("data", (piece: Buffer) => pieces.push(piece));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom ? mailFrom.address : "";
        received.push({ from, to: rcptTo[0]?.address ?? "", mail: Buffer.concat(pieces) });
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  await pool.query(
    `with made as (insert into sender (workspace_id, name, kind, host, port, tls_mode, connections, messages_per_connection)
       values ($1, 'server', 'smtp', '127.0.0.1', $2, 'none', 2, 100) returning id)
     update campaign set sender_id = made.id from made where campaign.id = $3`,
    [mine.scope.workspaceId, (server.server.address() as AddressInfo).port, mine.campaignId],
  );
  dispatcher = startDispatcher(
    db,
    {
      ...{ leaseSeconds: 5, timeouts: {}, chunksAtOnce: 1, stopGraceMs: 5000, maySend: async () => true },
      schedule: retrySchedule("bulk"),
    },
    {
      onCampaignTrouble: async () => {},
      onTripped: async () => {},
      onLimit: async () => {},
      onSenderTrouble: async () => {},
      onChunkDone: async () => {},
    },
  );
  await vi.waitFor(() => expect(received).toHaveLength(5), { timeout: 15_000, interval: 30 });
  return received;
}

test.each([
  ["pipelining", false],
  ["nodemailer's", true],
])("with a bounce domain each mail comes back to an address of its own (%s wire)", async (_wire, hidePipelining) => {
  await seen();
  const { rows } = await pool.query(
    "select m.id, m.email, w.number from message m join workspace w on w.id = m.workspace_id where m.source_id = $1",
    [mine.campaignId],
  );
  const mails = await send(hidePipelining);
  expect(new Set(mails.map(({ from }) => from)).size).toBe(5);
  for (const { from, to, mail } of mails) {
    expect(from).toMatch(/^b-[a-z2-7]{60}@bounces\.example\.com$/);
    const { id, number } = rows.find((row) => row.email === to);
    expect(readBounceAddress(from)).toEqual({ workspaceNumber: number, messageId: id });
    const parsed = await PostalMime.parse(mail);
    expect(parsed.from?.address, "people see who wrote").toBe("news@example.com");
    expect(parsed.messageId).toBe(`<${id}@example.com>`);
  }
});

test("until its MX has been seen, and without one, the From address stands there", async () => {
  expect(new Set((await send()).map(({ from }) => from))).toEqual(new Set(["news@example.com"]));
});

test("turned off, it is the From address again", async () => {
  await seen();
  await removeBounceDomain(db, mine.scope, domainId);
  await seen();
  expect(new Set((await send()).map(({ from }) => from))).toEqual(new Set(["news@example.com"]));
});
