import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { type SenderInput, senderInput } from "./input.ts";
import { resolveSender } from "./resolve.ts";
import { createSender, updateSender } from "./save.ts";

/* An installation that keeps senders out of private networks; settings are read once per process. */

process.env.DATABASE_URL ??= "postgres://unused.invalid/unused";
process.env.POSTHORN_SECRET ??= "test-secret-test-secret-test-secret-test";
process.env.SENDER_PRIVATE_HOSTS = "relay.lan, 10.1.0.0/16";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let scope: Scope;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, 4);
  db = asDb(pool);
  const id = newId();
  await pool.query("insert into workspace (id, name, slug) values ($1, 'Acme', $2)", [id, id]);
  scope = { workspaceId: id, role: "owner", userId: null };
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const input = (host: string): SenderInput =>
  senderInput.parse({
    ...{ name: "Relay", host, port: "25", tlsMode: "none", username: "", password: "" },
    ...{ connections: "4", messagesPerConnection: "100", defaultFromName: "", defaultFromEmail: "" },
  });

test.each(["localhost", "127.0.0.1", "192.168.1.1", "::1", "169.254.169.254", "::ffff:10.2.0.1"])(
  "%s is refused at the form, with the reason",
  async (host) => {
    const refused = { code: "senders.private_host", detail: { host } };
    await expect(createSender(db, scope, input(host))).rejects.toMatchObject(refused);
    const id = await createSender(db, scope, input("10.1.2.3"));
    await expect(updateSender(db, scope, id, input(host))).rejects.toMatchObject(refused);
  },
);

test("public hosts, listed ones and names that cannot be looked up now are taken, and are judged again at connecting", async () => {
  for (const host of ["192.0.2.1", "10.1.255.1", "no-such-host.invalid"]) {
    const id = await createSender(db, scope, input(host));
    expect((await resolveSender(db, scope.workspaceId, id)).privateHosts).toEqual(["relay.lan", "10.1.0.0/16"]);
  }
});

test("the built-in inbox works on, wherever it is", async () => {
  expect(await resolveSender(db, scope.workspaceId, null)).toMatchObject({ kind: "inbox", privateHosts: null });
});
