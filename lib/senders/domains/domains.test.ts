import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Role } from "#lib/auth/roles.ts";
import type { Scope } from "#lib/auth/scope.ts";
import { asDb, type Db, openPool, type Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { makeWorkspace } from "#tests/support/audience.ts";
import { startTestDns, type TestDns } from "#tests/support/dns-server.ts";
import { createTestDatabase } from "#tests/support/postgres.ts";
import { checkDomain, recheckDomains } from "./check.ts";
import { leadLinksTo } from "./links-domain.ts";
import { getDomain, listDomains } from "./list.ts";
import {
  addDomain,
  archiveDomain,
  cancelRotation,
  removeBounceDomain,
  restoreDomain,
  rotateKeys,
  setBounceDomain,
  setEd25519,
  setSigning,
} from "./save.ts";
import { findBounceHost, findFromDomain, loadDkimKeys } from "./signing-keys.ts";

process.env.DATABASE_URL ??= "postgres://unused.invalid/unused";
process.env.POSTHORN_SECRET ??= "test-secret-test-secret-test-secret-test";
process.env.PUBLIC_URL = "https://post.acme.example";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let db: Db;
let dns: TestDns;
let mine: Scope;
let theirs: Scope;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, 8);
  db = asDb(pool);
  dns = await startTestDns();
});
afterAll(async () => {
  await dns.stop();
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  mine = await makeWorkspace(db);
  theirs = await makeWorkspace(db);
});
afterEach(async () => {
  dns.zone.clear();
  await pool.query("delete from sending_domain");
});

const add = (domain = "example.com", scope = mine) => addDomain(db, scope, { domain });
const check = (id: string, scope = mine) => checkDomain(db, scope, id, dns.resolver);
const signers = async (from = "example.com", scope = mine) =>
  (await loadDkimKeys(db, scope.workspaceId, from)).map((key) => `${key.domain} ${key.privateKey.asymmetricKeyType}`);

/** Puts every record of a domain into DNS, as a person would copy them. */
async function publish(id: string, scope = mine): Promise<void> {
  for (const { name, type, value } of (await getDomain(db, scope, id)).records) {
    if (value === null) continue;
    const record = { CNAME: { CNAME: value }, TXT: { TXT: [value] }, MX: { MX: [value] } }[type];
    dns.zone.set(name, { ...dns.zone.get(name), ...record });
  }
}

const noteOf = async (id: string, purpose: string) =>
  (await getDomain(db, mine, id)).records.find((record) => record.purpose === purpose)?.note;

test("a new domain signs nothing until its key is seen in DNS, and then by itself", async () => {
  const id = await add();
  expect(await getDomain(db, mine, id)).toMatchObject({ status: "waiting", signing: false, checkedAt: null });
  expect(await check(id)).toEqual({ startedSigning: false, switchedKeys: false, startedBounces: false });
  expect(await noteOf(id, "dkim")).toMatchObject({ state: "missing", lastOkAt: null, goneAt: null });
  expect(await signers()).toEqual([]);

  await publish(id);
  expect(await check(id)).toEqual({ startedSigning: true, switchedKeys: false, startedBounces: false });
  expect(await getDomain(db, mine, id)).toMatchObject({ status: "signing", signing: true, gone: 0 });
  expect(await signers()).toEqual(["example.com rsa"]);
  expect(await check(id)).toEqual({ startedSigning: false, switchedKeys: false, startedBounces: false });
});

test("private keys are stored sealed and never shown", async () => {
  const id = await add();
  await setEd25519(db, mine, { domainId: id, on: true });
  await publish(id);
  await check(id);
  await rotateKeys(db, mine, id);
  const { rows } = await pool.query("select t::text as row, rsa_private_sealed as sealed from sending_domain t");
  expect(rows[0].row).not.toContain("PRIVATE KEY");
  const shown = JSON.stringify([await getDomain(db, mine, id), await listDomains(db, mine)]);
  expect(shown).not.toContain(rows[0].sealed);
  expect(shown).not.toMatch(/sealed|private/i);
  const { rows: trail } = await pool.query("select detail::text from audit_entry where workspace_id = $1", [
    mine.workspaceId,
  ]);
  for (const { detail } of trail) expect(JSON.parse(detail)).toEqual({ domain: "example.com" });
});

test("a stop holds: later checks do not start signing again, a person does", async () => {
  const id = await add();
  await publish(id);
  await check(id);
  await setSigning(db, mine, { domainId: id, on: false });
  expect(await check(id)).toMatchObject({ startedSigning: false });
  expect(await getDomain(db, mine, id)).toMatchObject({ status: "off" });
  expect(await signers()).toEqual([]);
  await setSigning(db, mine, { domainId: id, on: true });
  expect(await signers()).toEqual(["example.com rsa"]);
});

test("signing can be started before the key is seen, and says so", async () => {
  const id = await add();
  await setSigning(db, mine, { domainId: id, on: true });
  expect(await getDomain(db, mine, id)).toMatchObject({ status: "unseen" });
  expect(await signers()).toEqual(["example.com rsa"]);
});

describe("a bounce domain", () => {
  const bounces = { host: "bounces.example.com", server: "post.acme.example" };
  const hostOf = (from = "example.com", scope = mine) => findBounceHost(db, scope.workspaceId, from);
  const reachable = () => dns.zone.set("post.acme.example", { A: ["192.0.2.9"] });

  test("is suggested, and is used from when its MX is first seen in DNS", async () => {
    const id = await add();
    expect(await getDomain(db, mine, id)).toMatchObject({ bounces: null, suggestedBounces: bounces });
    await setBounceDomain(db, mine, { domainId: id, ...bounces });
    await pool.query(
      "insert into sender (workspace_id, name, kind, host, port) values ($1, 'server', 'smtp', 'post.acme.example', 587)",
      [mine.workspaceId],
    );
    expect(
      (await getDomain(db, mine, id)).records.filter(({ purpose }) => purpose.startsWith("bounces")),
    ).toMatchObject([
      {
        type: "MX",
        name: "bounces.example.com",
        shortName: "bounces",
        value: "post.acme.example",
        priority: 10,
        zoneLine: "bounces.example.com. 3600 IN MX 10 post.acme.example.",
      },
      { type: "TXT", name: "bounces.example.com", value: "v=spf1 a:post.acme.example ~all", priority: null },
    ]);
    await check(id);
    expect(await noteOf(id, "bounces_mx")).toMatchObject({ state: "missing", reason: "mx_missing" });
    expect(await hostOf()).toBeNull();

    await publish(id);
    await check(id);
    expect(await noteOf(id, "bounces_mx"), "its server has no address").toMatchObject({ reason: "mx_dead" });
    expect(await hostOf()).toBeNull();

    reachable();
    expect(await check(id)).toMatchObject({ startedBounces: true });
    expect(await noteOf(id, "bounces_mx")).toMatchObject({ state: "ok", reason: "mx_ok" });
    expect(await noteOf(id, "bounces_spf")).toMatchObject({ state: "ok", reason: "spf_ok" });
    expect(await hostOf()).toBe("bounces.example.com");
    expect(await hostOf("News.example.com"), "a domain below").toBe("bounces.example.com");
    expect(await hostOf("example.com", theirs)).toBeNull();
    expect(await check(id)).toMatchObject({ startedBounces: false });
  });

  test("a record that is gone is a warning, no end; only a person ends it", async () => {
    const id = await add();
    await setBounceDomain(db, mine, { domainId: id, ...bounces });
    await publish(id);
    reachable();
    await check(id);
    dns.zone.set("bounces.example.com", { MX: ["elsewhere.example"] });
    await check(id);
    expect(await noteOf(id, "bounces_mx")).toMatchObject({ state: "different", reason: "mx_other" });
    expect((await getDomain(db, mine, id)).gone).toBe(1);
    expect(await hostOf()).toBe("bounces.example.com");
    await removeBounceDomain(db, mine, id);
    expect(await getDomain(db, mine, id)).toMatchObject({ bounces: null, gone: 0 });
    expect(await hostOf()).toBeNull();
  });

  test("another host or server has to be seen anew; an archived domain has none", async () => {
    const id = await add();
    await setBounceDomain(db, mine, { domainId: id, ...bounces });
    await publish(id);
    reachable();
    await check(id);
    await setBounceDomain(db, mine, { domainId: id, ...bounces });
    expect(await hostOf(), "the same again changes nothing").toBe("bounces.example.com");
    await setBounceDomain(db, mine, { domainId: id, host: "back.example.com", server: "post.acme.example" });
    expect(await hostOf()).toBeNull();
    await publish(id);
    await check(id);
    expect(await hostOf()).toBe("back.example.com");
    await archiveDomain(db, mine, id);
    expect(await hostOf()).toBeNull();
  });

  test("has to be under its domain, and is set by people who manage only", async () => {
    const id = await add();
    for (const host of ["example.com", "bounces.example.org", "notexample.com"])
      await expect(
        setBounceDomain(db, mine, { domainId: id, host, server: "post.acme.example" }),
      ).rejects.toMatchObject({
        code: "domains.bounces_outside",
      });
    const writer = { ...mine, role: "editor" as Role };
    await expect(setBounceDomain(db, writer, { domainId: id, ...bounces })).rejects.toMatchObject({
      code: "auth.not_allowed",
    });
    await expect(setBounceDomain(db, theirs, { domainId: id, ...bounces })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

test("the closest domain above the from address signs; a sibling and another workspace do not", async () => {
  for (const domain of ["example.com", "news.example.com", "example.org"]) {
    const id = await add(domain);
    await setSigning(db, mine, { domainId: id, on: true });
  }
  const foreign = await add("example.net", theirs);
  await setSigning(db, theirs, { domainId: foreign, on: true });
  expect(await signers("a.news.example.com")).toEqual(["news.example.com rsa"]);
  expect(await signers("NEWS.example.com")).toEqual(["news.example.com rsa"]);
  expect(await signers("shop.example.com")).toEqual(["example.com rsa"]);
  expect(await signers("notexample.com")).toEqual([]);
  expect(await signers("com")).toEqual([]);
  expect(await signers("example.net")).toEqual([]);
  expect(await findFromDomain(db, mine.workspaceId, "example.net")).toEqual({ domain: "example.net", covered: null });

  const closest = (await listDomains(db, mine)).find((one) => one.domain === "news.example.com");
  await setSigning(db, mine, { domainId: closest?.id ?? "", on: false });
  expect(await signers("a.news.example.com")).toEqual(["example.com rsa"]);
});

describe("new keys", () => {
  test("wait while the old ones sign, and take over when all of them are seen", async () => {
    const id = await add();
    await setEd25519(db, mine, { domainId: id, on: true });
    await publish(id);
    await check(id);
    const before = await loadDkimKeys(db, mine.workspaceId, "example.com");
    expect(before.map((key) => key.privateKey.asymmetricKeyType)).toEqual(["rsa", "ed25519"]);

    await rotateKeys(db, mine, id);
    await expect(rotateKeys(db, mine, id)).rejects.toMatchObject({ code: "domains.rotation_pending" });
    await expect(setEd25519(db, mine, { domainId: id, on: false })).rejects.toMatchObject({
      code: "domains.rotation_pending",
    });
    await check(id);
    const selectors = async () => (await loadDkimKeys(db, mine.workspaceId, "example.com")).map((key) => key.selector);
    const old = before.map((key) => key.selector);
    expect(await selectors()).toEqual(old);

    // One of two is not enough.
    const { records } = await getDomain(db, mine, id);
    const next = records.filter((record) => record.purpose.endsWith("_next"));
    expect(next).toHaveLength(2);
    dns.zone.set(next[0]?.name ?? "", { TXT: [next[0]?.value ?? ""] });
    expect(await check(id)).toMatchObject({ switchedKeys: false });
    await publish(id);
    expect(await check(id)).toMatchObject({ switchedKeys: true });
    const now = await selectors();
    expect(now).toHaveLength(2);
    for (const selector of now) expect(old).not.toContain(selector);
    const after = await getDomain(db, mine, id);
    expect(after).toMatchObject({ rotating: false, status: "signing", previous: { selectors: old } });
    expect(after.records.every((record) => record.note?.state !== "missing")).toBe(true);
  });

  test("can be thrown away again", async () => {
    const id = await add();
    await publish(id);
    await check(id);
    const [before] = await loadDkimKeys(db, mine.workspaceId, "example.com");
    await rotateKeys(db, mine, id);
    await cancelRotation(db, mine, id);
    await expect(cancelRotation(db, mine, id)).rejects.toMatchObject({ code: "domains.no_rotation" });
    const [after] = await loadDkimKeys(db, mine.workspaceId, "example.com");
    expect(after?.selector).toBe(before?.selector);
    expect((await getDomain(db, mine, id)).records.some((record) => record.purpose.endsWith("_next"))).toBe(false);
  });

  test("replace keys at once that were never in DNS", async () => {
    const id = await add();
    const before = (await getDomain(db, mine, id)).records[0]?.name;
    await rotateKeys(db, mine, id);
    const after = await getDomain(db, mine, id);
    expect(after).toMatchObject({ rotating: false, status: "waiting" });
    expect(after.records[0]?.name).not.toBe(before);
  });

  test("made while a check is under way are not lost by it", async () => {
    const id = await add();
    await publish(id);
    await check(id);
    // The check has read the row and asks DNS while the keys change.
    const slow = new Proxy(dns.resolver, {
      get: (target, name) =>
        name === "resolveTxt"
          ? async (question: string) => {
              if (question.startsWith("_dmarc")) await rotateKeys(db, mine, id);
              return target.resolveTxt(question);
            }
          : Reflect.get(target, name).bind(target),
    });
    await checkDomain(db, mine, id, slow);
    expect(await getDomain(db, mine, id)).toMatchObject({ rotating: true, status: "signing" });
  });
});

describe("an Ed25519 key", () => {
  test("signs beside RSA from when it was seen, and gets a new selector each time", async () => {
    const id = await add();
    await publish(id);
    await check(id);
    await setEd25519(db, mine, { domainId: id, on: true });
    expect(await signers()).toEqual(["example.com rsa"]);
    const first = (await getDomain(db, mine, id)).records.find((record) => record.purpose === "dkim_ed25519");
    expect(Buffer.from(first?.value?.split("p=")[1] ?? "", "base64")).toHaveLength(32);
    await publish(id);
    await check(id);
    expect(await signers()).toEqual(["example.com rsa", "example.com ed25519"]);
    await setEd25519(db, mine, { domainId: id, on: true });
    expect(await signers()).toEqual(["example.com rsa", "example.com ed25519"]);
    await setEd25519(db, mine, { domainId: id, on: false });
    expect(await signers()).toEqual(["example.com rsa"]);
    await setEd25519(db, mine, { domainId: id, on: true });
    const second = (await getDomain(db, mine, id)).records.find((record) => record.purpose === "dkim_ed25519");
    expect(second?.name).not.toBe(first?.name);
    expect(await signers()).toEqual(["example.com rsa"]);
  });
});

describe("a key that cannot be used", () => {
  const spoil: Array<[string, string]> = [
    ["damaged", "update sending_domain set rsa_private_sealed = '1.aa.bb.cc.dd' where id = $1"],
    [
      "sealed with a secret that is not there",
      "update sending_domain set rsa_private_sealed = regexp_replace(rsa_private_sealed, '^1\\.[0-9a-f]+', '1.fff') where id = $1",
    ],
    [
      "another domain's",
      "update sending_domain t set rsa_private_sealed = o.rsa_private_sealed from sending_domain o where t.id = $1 and o.domain = 'other.example'",
    ],
    [
      "not the other half of what is in DNS",
      "update sending_domain t set rsa_public = o.rsa_public from sending_domain o where t.id = $1 and o.domain = 'other.example'",
    ],
  ];

  test.each(spoil)("because it is %s is said, and nothing goes out unsigned", async (_why, statement) => {
    await add("other.example");
    const id = await add();
    await publish(id);
    await check(id);
    await pool.query(statement, [id]);
    await expect(loadDkimKeys(db, mine.workspaceId, "news.example.com")).rejects.toMatchObject({
      code: "domains.key_lost",
      detail: { domain: "example.com" },
    });
    expect(await getDomain(db, mine, id)).toMatchObject({ status: "lost" });
    await expect(setSigning(db, mine, { domainId: id, on: true })).rejects.toMatchObject({ code: "domains.key_lost" });
    // New keys are the way out. They sign when they are seen.
    await rotateKeys(db, mine, id);
    expect(await getDomain(db, mine, id)).toMatchObject({ status: "waiting", rotating: false });
    expect(await signers()).toEqual([]);
    await publish(id);
    await check(id);
    expect(await signers()).toEqual(["example.com rsa"]);
  });

  test("is not started by a check", async () => {
    const id = await add();
    await publish(id);
    await pool.query("update sending_domain set rsa_private_sealed = '1.aa.bb.cc.dd' where id = $1", [id]);
    expect(await check(id)).toMatchObject({ startedSigning: false });
  });

  test("for Ed25519 alone is no reason to leave its signature out silently", async () => {
    const id = await add();
    await setEd25519(db, mine, { domainId: id, on: true });
    await publish(id);
    await check(id);
    await pool.query("update sending_domain set ed25519_private_sealed = '1.aa.bb.cc.dd' where id = $1", [id]);
    await expect(signers()).rejects.toMatchObject({ code: "domains.key_lost" });
    await setEd25519(db, mine, { domainId: id, on: false });
    expect(await signers()).toEqual(["example.com rsa"]);
  });
});

describe("records that were there and are gone", () => {
  test("are warned about from then on, until they are back; signing goes on", async () => {
    const id = await add();
    await publish(id);
    await checkDomain(db, mine, id, dns.resolver, new Date("2026-01-01T00:00:00Z"));
    const { name } = (await getDomain(db, mine, id)).records[0] as { name: string };
    const published = dns.zone.get(name) ?? {};
    dns.zone.delete(name);
    await checkDomain(db, mine, id, dns.resolver, new Date("2026-01-02T00:00:00Z"));
    await checkDomain(db, mine, id, dns.resolver, new Date("2026-01-03T00:00:00Z"));
    expect(await noteOf(id, "dkim")).toMatchObject({
      state: "missing",
      lastOkAt: "2026-01-01T00:00:00.000Z",
      goneAt: "2026-01-02T00:00:00.000Z",
    });
    expect((await listDomains(db, mine))[0]).toMatchObject({ status: "gone", gone: 1, signing: true });
    expect(await signers()).toEqual(["example.com rsa"]);
    dns.zone.set(name, published);
    await check(id);
    expect((await listDomains(db, mine))[0]).toMatchObject({ status: "signing", gone: 0 });
  });

  test("are not said to be gone because DNS is away", async () => {
    const id = await add();
    await publish(id);
    await check(id);
    for (const name of dns.zone.keys()) dns.zone.set(name, { trouble: "servfail" });
    await check(id);
    expect(await noteOf(id, "dkim")).toMatchObject({ state: "unknown", goneAt: null });
    expect((await listDomains(db, mine))[0]).toMatchObject({ status: "signing", gone: 0 });
  });

  test("are noticed every night, in every workspace but a sample", async () => {
    const ids = [await add(), await add("example.org", theirs)];
    const sample = await makeWorkspace(db);
    const inSample = await add("example.net", sample);
    await pool.query("update workspace set is_sample = true where id = $1", [sample.workspaceId]);
    const archived = await add("old.example.com");
    await archiveDomain(db, mine, archived);
    await publish(ids[0] ?? "");
    expect(await recheckDomains(db, dns.resolver)).toEqual({ checked: 2, failed: 0 });
    const { rows } = await pool.query("select id from sending_domain where checked_at is null");
    expect(rows.map((row) => row.id).sort()).toEqual([inSample, archived].sort());
    expect(await getDomain(db, mine, ids[0] ?? "")).toMatchObject({ status: "signing" });
    expect(await getDomain(db, theirs, ids[1] ?? "")).toMatchObject({ status: "waiting" });
  });

  test("a column that holds something else is no reason to fail", async () => {
    const id = await add();
    await pool.query(`update sending_domain set findings = '{"records": 7}' where id = $1`, [id]);
    expect(await getDomain(db, mine, id)).toMatchObject({ status: "waiting" });
    await check(id);
    expect(await noteOf(id, "dkim")).toMatchObject({ state: "missing" });
  });
});

describe("who may what", () => {
  test("a domain of another workspace cannot be read, checked, changed, archived or restored", async () => {
    const id = await add();
    const notFound = { code: "not_found" };
    await expect(getDomain(db, theirs, id)).rejects.toMatchObject(notFound);
    await expect(check(id, theirs)).rejects.toMatchObject(notFound);
    await expect(rotateKeys(db, theirs, id)).rejects.toMatchObject(notFound);
    await expect(cancelRotation(db, theirs, id)).rejects.toMatchObject(notFound);
    await expect(setEd25519(db, theirs, { domainId: id, on: true })).rejects.toMatchObject(notFound);
    await expect(setSigning(db, theirs, { domainId: id, on: true })).rejects.toMatchObject(notFound);
    await expect(archiveDomain(db, theirs, id)).rejects.toMatchObject(notFound);
    await expect(leadLinksTo(db, theirs, { domainId: id, on: true })).rejects.toMatchObject(notFound);
    await archiveDomain(db, mine, id);
    await expect(restoreDomain(db, theirs, id)).rejects.toMatchObject(notFound);
    expect(await listDomains(db, theirs)).toEqual([]);
    expect(await getDomain(db, mine, id)).toMatchObject({ status: "waiting" });
  });

  test.each<Role>(["editor", "viewer"])("a person who is %s sees domains and cannot change them", async (role) => {
    const id = await add();
    const scope: Scope = { ...mine, role };
    expect(await listDomains(db, scope)).toHaveLength(1);
    expect((await getDomain(db, scope, id)).records.length).toBeGreaterThan(2);
    const refused = { code: "auth.not_allowed" };
    await expect(add("example.org", scope)).rejects.toMatchObject(refused);
    await expect(check(id, scope)).rejects.toMatchObject(refused);
    await expect(rotateKeys(db, scope, id)).rejects.toMatchObject(refused);
    await expect(cancelRotation(db, scope, id)).rejects.toMatchObject(refused);
    await expect(setEd25519(db, scope, { domainId: id, on: true })).rejects.toMatchObject(refused);
    await expect(setSigning(db, scope, { domainId: id, on: true })).rejects.toMatchObject(refused);
    await expect(archiveDomain(db, scope, id)).rejects.toMatchObject(refused);
    await expect(restoreDomain(db, scope, id)).rejects.toMatchObject(refused);
    await expect(leadLinksTo(db, scope, { domainId: id, on: true })).rejects.toMatchObject(refused);
  });

  test("a sample workspace gets none", async () => {
    await pool.query("update workspace set is_sample = true where id = $1", [mine.workspaceId]);
    await expect(add()).rejects.toMatchObject({ code: "domains.sample_workspace" });
  });
});

test("a domain is there once per workspace, however many add it at once; two workspaces may have it with their own keys", async () => {
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => add()));
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  for (const result of results)
    if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "domains.exists" });
  const other = await add("example.com", theirs);
  const [first] = await listDomains(db, mine);
  const key = async (scope: Scope, id = "") => (await getDomain(db, scope, id)).records[0];
  expect((await key(theirs, other))?.name).not.toBe((await key(mine, first?.id))?.name);
});

test("removing a domain stops signing and can be taken back, unless the domain was added anew", async () => {
  const id = await add();
  await publish(id);
  await check(id);
  await archiveDomain(db, mine, id);
  expect(await signers()).toEqual([]);
  expect(await listDomains(db, mine)).toEqual([]);
  await expect(check(id)).rejects.toMatchObject({ code: "not_found" });
  await expect(archiveDomain(db, mine, id)).rejects.toMatchObject({ code: "not_found" });
  await restoreDomain(db, mine, id);
  expect(await signers()).toEqual(["example.com rsa"]);
  await expect(restoreDomain(db, mine, id)).rejects.toMatchObject({ code: "not_found" });
  await archiveDomain(db, mine, id);
  await add();
  await expect(restoreDomain(db, mine, id)).rejects.toMatchObject({ code: "domains.exists" });
});

describe("links under the domain", () => {
  const base = async () =>
    (await pool.query("select tracking_base_url as url from workspace where id = $1", [mine.workspaceId])).rows[0].url;
  const turn = (domainId: string, on: boolean, reaches = async () => true) =>
    leadLinksTo(db, mine, { domainId, on }, { resolver: dns.resolver, reaches });

  test("are used only when DNS leads here and we answer there, and can be given back", async () => {
    const id = await add();
    await expect(turn(id, true)).rejects.toMatchObject({ code: "domains.links_dns" });
    await publish(id);
    await check(id);
    await expect(turn(id, true, async () => false)).rejects.toMatchObject({ code: "domains.links_unreachable" });
    expect(await base()).toBeNull();
    const asked: string[] = [];
    await turn(id, true, async (url?: string) => asked.push(url ?? "") > 0);
    expect(asked).toEqual(["https://links.example.com"]);
    expect(await base()).toBe("https://links.example.com");
    expect(await getDomain(db, mine, id)).toMatchObject({ usedForLinks: true });
    await expect(archiveDomain(db, mine, id)).rejects.toMatchObject({ code: "domains.used_for_links" });
    const { rows } = await pool.query("select count(*)::int as n from workspace where tracking_base_url is not null");
    expect(rows[0].n).toBe(1);

    // From now on its record is missed when it goes; before, it was nobody's loss.
    dns.zone.delete("links.example.com");
    await check(id);
    expect(await noteOf(id, "links")).toMatchObject({ state: "missing", goneAt: expect.any(String) });
    // Another domain that is not used cannot take it away.
    const other = await add("example.org");
    await turn(other, false);
    expect(await base()).toBe("https://links.example.com");
    await turn(id, false);
    expect(await base()).toBeNull();
    await check(id);
    expect(await noteOf(id, "links")).toMatchObject({ state: "missing", goneAt: null });
    await archiveDomain(db, mine, id);
    await expect(turn(id, true)).rejects.toMatchObject({ code: "not_found" });
  });

  test("are not offered for a domain that links lead to anyway", async () => {
    const id = await add("news.acme.example");
    expect((await getDomain(db, mine, id)).records.some((record) => record.purpose === "links")).toBe(false);
    await expect(turn(id, true)).rejects.toMatchObject({ code: "domains.links_useless" });
  });
});

test("the records follow from the domain, its zone and the workspace's own senders", async () => {
  const insert = "insert into sender (workspace_id, name, kind, host, archived_at) values ($1, 'x', 'smtp', $2, $3)";
  await pool.query(insert, [mine.workspaceId, "email-smtp.eu-west-1.amazonaws.com", null]);
  await pool.query(insert, [mine.workspaceId, "smtp.sendgrid.net", new Date()]);
  await pool.query(insert, [theirs.workspaceId, "smtp.mailgun.org", null]);
  const id = await add("xn--bcher-kva.example.co.uk");
  const { displayName, records } = await getDomain(db, mine, id);
  expect(displayName).toBe("bücher.example.co.uk");
  expect(records.map(({ purpose, type, shortName, value }) => [purpose, type, shortName, value])).toEqual([
    [
      "dkim",
      "TXT",
      expect.stringMatching(/^ph[a-z2-9]{8}\._domainkey\.xn--bcher-kva$/),
      expect.stringMatching(/^v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{390,}=*$/),
    ],
    ["spf", "TXT", "xn--bcher-kva", "v=spf1 include:amazonses.com ~all"],
    ["dmarc", "TXT", "_dmarc.xn--bcher-kva", "v=DMARC1; p=none;"],
    ["links", "CNAME", "links.xn--bcher-kva", "post.acme.example"],
  ]);
  const apex = await getDomain(db, mine, await add("example.org"));
  expect(apex.records.find((record) => record.purpose === "spf")?.shortName).toBe("@");
});

test("a workspace has so many domains and no more", async () => {
  await pool.query(
    `insert into sending_domain (workspace_id, domain, selector, rsa_public, rsa_private_sealed)
     select $1, 'd' || n || '.example', 'x', 'x', 'x' from generate_series(1, 50) n`,
    [mine.workspaceId],
  );
  await expect(add()).rejects.toMatchObject({ code: "domains.too_many", detail: { count: 50 } });
  await expect(checkDomain(db, mine, newId(), dns.resolver)).rejects.toMatchObject({ code: "not_found" });
});
