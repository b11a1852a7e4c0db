import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { dkimVerify } from "mailauth/lib/dkim/verify";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Db, Pool } from "#lib/db.ts";
import { makeWorkspace, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { sendingCampaign } from "#tests/support/sending-campaign.ts";
import { addDomain, setSigning } from "../senders/domains/save.ts";
import { stateCounts } from "./counts.ts";
import { type Dispatcher, startDispatcher } from "./dispatcher.ts";
import { retrySchedule } from "./retry-schedule.ts";

/* A campaign through a real dispatcher to a real server; what arrives is judged by an implementation that is not ours. */

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let server: SMTPServer;
let dispatcher: Dispatcher | undefined;
const received: Buffer[] = [];
const events = {
  onCampaignTrouble: vi.fn(async (..._: unknown[]) => {}),
  onTripped: vi.fn(async (..._: unknown[]) => {}),
  onLimit: vi.fn(async (..._: unknown[]) => {}),
  onSenderTrouble: vi.fn(async (..._: unknown[]) => {}),
  onChunkDone: vi.fn(async (..._: unknown[]) => {}),
};

beforeAll(async () => {
  // One-click, which is signed as well, is promised over https only.
  process.env.PUBLIC_URL = "https://news.example.com";
  database = await useTestDatabase();
  ({ db, pool } = database);
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, _session, done) {
      const pieces: Buffer[] = [];
      stream.on("data", (piece: Buffer) => pieces.push(piece));
      stream.on("end", () => {
        received.push(Buffer.concat(pieces));
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
});
afterAll(async () => {
  await dispatcher?.stop();
  await new Promise<void>((resolve) => server.close(resolve));
  await database.close();
});

async function send(people: number): Promise<Awaited<ReturnType<typeof sendingCampaign>>> {
  const mine = await sendingCampaign(db, pool, people);
  const { port } = server.server.address() as AddressInfo;
  await pool.query(
    `with made as (insert into sender (workspace_id, name, kind, host, port, tls_mode, connections, messages_per_connection)
       values ($1, 'server', 'smtp', '127.0.0.1', $2, 'none', 2, 100) returning id)
     update campaign set sender_id = made.id from made where campaign.id = $3`,
    [mine.scope.workspaceId, port, mine.campaignId],
  );
  return mine;
}

function start(): void {
  dispatcher = startDispatcher(
    db,
    {
      leaseSeconds: 5,
      schedule: retrySchedule("bulk"),
      timeouts: {},
      chunksAtOnce: 2,
      stopGraceMs: 5000,
      maySend: async () => true,
    },
    events,
  );
}

test("mails of a domain that signs carry a signature that holds, over both unsubscribe fields; others carry none", async () => {
  const mine = await send(3);
  const id = await addDomain(db, mine.scope, { domain: "example.com" });
  await setSigning(db, mine.scope, { domainId: id, on: true });
  const { rows } = await pool.query("select selector, rsa_public from sending_domain where id = $1", [id]);
  const record = `v=DKIM1; k=rsa; p=${rows[0].rsa_public}`;
  start();
  await vi.waitFor(async () => expect(received).toHaveLength(3), { timeout: 15_000, interval: 30 });
  for (const mail of received) {
    const { results } = await dkimVerify(mail, {
      resolver: async (name: string) => {
        expect(name).toBe(`${rows[0].selector}._domainkey.example.com`);
        return [[record]];
      },
    });
    expect(results).toMatchObject([{ signingDomain: "example.com", status: { result: "pass" } }]);
    expect(results[0]?.signingHeaders?.keys?.toLowerCase()).toContain("list-unsubscribe: list-unsubscribe-post");
  }

  received.length = 0;
  await setSigning(db, mine.scope, { domainId: id, on: false });
  const other = await send(2);
  dispatcher?.wake();
  await vi.waitFor(async () => expect(received).toHaveLength(2), { timeout: 15_000, interval: 30 });
  expect(other.scope.workspaceId).not.toBe(mine.scope.workspaceId);
  for (const mail of received) expect(mail.toString("latin1")).not.toMatch(/^DKIM-Signature:/im);
});

test("with a key that cannot be used nothing is sent unsigned: it waits and says why", async () => {
  received.length = 0;
  events.onSenderTrouble.mockReset().mockResolvedValue(undefined);
  const mine = await send(2);
  await makeWorkspace(pool);
  const id = await addDomain(db, mine.scope, { domain: "example.com" });
  await setSigning(db, mine.scope, { domainId: id, on: true });
  await pool.query("update sending_domain set rsa_private_sealed = 'v1.0.lost' where id = $1", [id]);
  dispatcher?.wake();
  await vi.waitFor(() => expect(events.onSenderTrouble).toHaveBeenCalled(), { timeout: 15_000, interval: 30 });
  expect(events.onSenderTrouble.mock.calls[0]?.[2]).toContain("key that signs");
  expect(received).toEqual([]);
  expect(await stateCounts(db, mine.scope.workspaceId, mine.campaignId)).toMatchObject({ pending: 2 });
});
