import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestDns, type TestDns } from "#tests/support/dns-server.ts";
import { dkimValue, lookAtDkim } from "./dkim-record.ts";
import { lookAtDmarc } from "./dmarc.ts";
import { makeKeySet, type StoredKey } from "./keys.ts";
import { lookAtLinks } from "./links.ts";
import { zoneLine } from "./records.ts";
import { lookAtSpf, spfValue } from "./spf.ts";
import { needsOfHosts } from "./spf-needs.ts";

process.env.DATABASE_URL ??= "postgres://unused.invalid/unused";
process.env.POSTHORN_SECRET ??= "test-secret-test-secret-test-secret-test";

/* What a look at a real DNS server (of our own) finds, record by record. */

let dns: TestDns;
let rsa: StoredKey;
let ed25519: StoredKey;

beforeAll(async () => {
  dns = await startTestDns();
  const keys = await makeKeySet("00000000-0000-0000-0000-000000000001", true);
  rsa = keys.rsa;
  ed25519 = keys.ed25519 as StoredKey;
});
beforeEach(() => dns.zone.clear());
afterAll(() => dns.stop());

const txt = (name: string, ...records: string[]) => dns.zone.set(name, { TXT: records });

describe("DKIM", () => {
  const look = () => lookAtDkim(dns.resolver, "example.com", "rsa", rsa);
  const name = () => `${rsa.selector}._domainkey.example.com`;

  test("our key is found, in however many strings and with whatever spaces it stands there", async () => {
    txt(name(), dkimValue("rsa", rsa.publicKey));
    expect(await look()).toMatchObject({ state: "ok", reason: "dkim_ok" });
    txt(name(), `k=rsa;; P = ${rsa.publicKey.replace(/.{60}/g, "$& ")} ; t=s`);
    expect(await look()).toMatchObject({ state: "ok" });
    txt(`${ed25519.selector}._domainkey.example.com`, dkimValue("ed25519", ed25519.publicKey));
    expect(await lookAtDkim(dns.resolver, "example.com", "ed25519", ed25519)).toMatchObject({ state: "ok" });
  });

  test("behind an alias it is found as well", async () => {
    dns.zone.set(name(), { CNAME: "keys.provider.example" });
    txt("keys.provider.example", dkimValue("rsa", rsa.publicKey));
    expect(await look()).toMatchObject({ state: "ok" });
  });

  test.each([
    ["another key", () => dkimValue("rsa", ed25519.publicKey), "dkim_other_key"],
    ["the key under another kind", () => dkimValue("ed25519", rsa.publicKey), "dkim_other_key"],
    ["a revoked key", () => "v=DKIM1; p=", "dkim_revoked"],
    ["another version", () => `v=DKIM2; p=${rsa.publicKey}`, "dkim_broken"],
    ["half a key", () => `v=DKIM1; k=rsa; p=${rsa.publicKey.slice(0, 200)}`, "dkim_other_key"],
    ["something else", () => "google-site-verification", "dkim_broken"],
    ["a key for something else", () => `v=DKIM1; s=tlsrpt; p=${rsa.publicKey}`, "dkim_broken"],
  ])("%s is told as what it is", async (_what, record, reason) => {
    txt(name(), record());
    expect(await look()).toMatchObject({ state: "different", reason, seen: [record()] });
  });

  test("two records, no record and one at a doubled name are told apart", async () => {
    txt(name(), dkimValue("rsa", rsa.publicKey), "v=DKIM1; p=");
    expect(await look()).toMatchObject({ state: "different", reason: "dkim_several" });
    dns.zone.clear();
    expect(await look()).toMatchObject({ state: "missing", reason: "dkim_missing" });
    txt(`${name()}.example.com`, dkimValue("rsa", rsa.publicKey));
    expect(await look()).toMatchObject({ state: "missing", reason: "dkim_doubled" });
  });

  test.each(["servfail", "refused", "silent"] as const)("a server that is %s leaves it open", async (trouble) => {
    dns.zone.set(name(), { trouble });
    expect(await look()).toMatchObject({ state: "unknown", reason: "dns_away" });
  });

  test("what strangers wrote into DNS is cut and made harmless", async () => {
    txt(name(), `v=\0\u2028\x1b[31m${"x".repeat(5000)}`);
    const [seen = ""] = (await look()).seen;
    expect(seen.length).toBeLessThan(1100);
    expect(seen).not.toMatch(/\p{Cc}|\u2028/u);
  });
});

describe("DMARC", () => {
  const look = (domain = "example.com") => lookAtDmarc(dns.resolver, domain);

  test.each(["none", "quarantine", "reject"])("a policy of %s is right and explained", async (policy) => {
    txt("_dmarc.example.com", "unrelated", `v=DMARC1; p=${policy}; rua=mailto:x@example.com`);
    expect(await look()).toMatchObject({ state: "ok", reason: `dmarc_${policy}`, detail: { inherited: 0, strict: 0 } });
  });

  test("a subdomain inherits, by the policy for subdomains if there is one", async () => {
    txt("_dmarc.example.co.uk", "v=DMARC1; p=reject; adkim=s");
    const inherited = { at: "example.co.uk", inherited: 1, strict: 1 };
    expect(await look("news.example.co.uk")).toMatchObject({ state: "ok", reason: "dmarc_reject", detail: inherited });
    txt("_dmarc.example.co.uk", "v=DMARC1; p=reject; sp=none");
    expect(await look("a.news.example.co.uk")).toMatchObject({ reason: "dmarc_none" });
    txt("_dmarc.news.example.co.uk", "v=DMARC1; p=quarantine");
    expect(await look("news.example.co.uk")).toMatchObject({ reason: "dmarc_quarantine", detail: { inherited: 0 } });
  });

  test.each([
    [["v=DMARC1; p=none", "v=DMARC1; p=reject"], "different", "dmarc_several"],
    [["v=DMARC1"], "different", "dmarc_broken"],
    [["v=DMARC1; p=maybe"], "different", "dmarc_broken"],
    [["v=dmarc1; p=none"], "different", "dmarc_broken"],
    [["v=spf1 -all"], "missing", "dmarc_missing"],
    [[], "missing", "dmarc_missing"],
  ])("%j is %s: %s", async (records, state, reason) => {
    txt("_dmarc.example.com", ...records);
    expect(await look()).toMatchObject({ state, reason });
  });

  test("a server that says nothing leaves it open", async () => {
    dns.zone.set("_dmarc.example.com", { trouble: "silent" });
    expect(await look()).toMatchObject({ state: "unknown" });
  });
});

describe("SPF", () => {
  const ses = needsOfHosts(["email-smtp.eu-west-1.amazonaws.com"]);
  const own = needsOfHosts(["mail.example.net"]);
  const look = (needs = ses) => lookAtSpf(dns.resolver, "example.com", needs);

  test("what is needed follows from the senders", () => {
    expect(spfValue(needsOfHosts(["smtp.gmail.com", "mail.example.net", "192.0.2.7", "2001:db8::7"]))).toBe(
      "v=spf1 include:_spf.google.com a:mail.example.net ip4:192.0.2.7 ip6:2001:db8::7 ~all",
    );
    const inside = ["localhost", "10.1.2.3", "172.20.0.1", "192.168.0.9", "mail.internal", "postfix", "fd00::1", "::1"];
    expect(needsOfHosts(inside)).toEqual({ needs: [], hidden: inside });
    expect(needsOfHosts(["172.32.0.1", "11.0.0.1"]).hidden).toEqual([]);
  });

  test("no record: a whole one is suggested", async () => {
    txt("example.com", "google-site-verification=x", "v=spf10 nonsense");
    expect(await look()).toMatchObject({
      state: "missing",
      reason: "spf_missing",
      suggested: "v=spf1 include:amazonses.com ~all",
    });
  });

  test("a record that permits the provider is right, be it through another's include or a redirect", async () => {
    txt("example.com", "v=spf1 mx include:amazonses.com -all");
    txt("amazonses.com", "v=spf1 ip4:199.255.192.0/22 -all");
    expect(await look()).toMatchObject({ state: "ok", detail: { lookups: 2 } });
    txt("example.com", "v=spf1 include:all.example.org ?all");
    txt("all.example.org", "v=spf1 redirect=more.example.org");
    txt("more.example.org", "v=spf1 include:amazonses.com -all");
    expect(await look()).toMatchObject({ state: "ok", detail: { lookups: 3 } });
  });

  test("a record that does not is kept and extended", async () => {
    txt("example.com", "v=spf1 mx ip4:192.0.2.0/24 include:old.example.org -all");
    txt("old.example.org", "v=spf1 -all");
    expect(await look()).toMatchObject({
      state: "different",
      reason: "spf_lacks",
      detail: { lacks: "include:amazonses.com" },
      suggested: "v=spf1 mx ip4:192.0.2.0/24 include:old.example.org include:amazonses.com -all",
    });
    // A qualifier that does not permit is no permission.
    txt("example.com", "v=spf1 -include:amazonses.com ~all");
    expect(await look()).toMatchObject({ reason: "spf_lacks" });
  });

  test("two records are one to many: they are merged", async () => {
    txt("example.com", "v=spf1 mx -all", "v=spf1 mx include:old.example.org ~all");
    expect(await look()).toMatchObject({
      state: "different",
      reason: "spf_several",
      suggested: "v=spf1 mx include:old.example.org include:amazonses.com ~all",
    });
  });

  test("more than ten lookups, through includes, are too many; a circle ends", async () => {
    txt("example.com", `v=spf1 include:amazonses.com a mx a mx include:deep.example.org ~all`);
    txt("amazonses.com", "v=spf1 -all");
    txt("deep.example.org", "v=spf1 a:a.example a:b.example a:c.example a:d.example exists:%{i}.x.example -all");
    expect(await look()).toMatchObject({
      state: "different",
      reason: "spf_too_many",
      detail: { lookups: 11, limit: 10 },
    });
    txt("example.com", "v=spf1 include:loop.example.org include:amazonses.com ~all");
    txt("loop.example.org", "v=spf1 include:example.com include:loop.example.org ~all");
    expect(await look()).toMatchObject({ state: "ok" });
  });

  test("a record of hundreds of includes does not make us ask for ever", async () => {
    txt("example.com", `v=spf1 ${Array.from({ length: 200 }, (_, n) => `include:${n}.example.org`).join(" ")} -all`);
    for (let n = 0; n < 200; n++) txt(`${n}.example.org`, "v=spf1 a a:x.example mx -all");
    const before = dns.asked.length;
    expect(await look()).toMatchObject({ reason: "spf_too_many" });
    expect(dns.asked.length - before).toBeLessThan(80);
  });

  test.each([
    ["v=spf1 +all", "spf_open"],
    ["v=spf1 include:amazonses.com all", "spf_open"],
    ["v=spf1 include:amazonses.com ip4:300.1.1.1 -all", "spf_broken"],
    ["v=spf1 include:amazonses.com foo:bar -all", "spf_broken"],
  ])("%s is not right: %s", async (record, reason) => {
    txt("example.com", record);
    expect(await look()).toMatchObject({ state: "different", reason });
  });

  test("a server of one's own passes by its name, its addresses, or the mail hosts", async () => {
    dns.zone.set("mail.example.net", { A: ["192.0.2.7"], AAAA: ["2001:db8::7"] });
    for (const record of [
      "v=spf1 a:mail.example.net -all",
      "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all",
      "v=spf1 ip4:192.0.2.7 ip6:2001:db8::7 unknown=modifier -all",
    ]) {
      txt("example.com", record);
      expect(await look(own), record).toMatchObject({ state: "ok" });
    }
    dns.zone.set("example.com", { TXT: ["v=spf1 mx -all"], MX: ["mail.example.net"] });
    expect(await look(own)).toMatchObject({ state: "ok" });
    for (const record of ["v=spf1 ip4:192.0.2.7 -all", "v=spf1 ip4:198.51.100.0/24 -all", "v=spf1 a -all"]) {
      txt("example.com", record);
      expect(await look(own), record).toMatchObject({ reason: "spf_lacks", detail: { lacks: "a:mail.example.net" } });
    }
  });

  test("without a sender, or with one inside the own network, it cannot be told", async () => {
    expect(await look(needsOfHosts([]))).toMatchObject({ state: "unknown", reason: "spf_no_sender" });
    expect(await look(needsOfHosts(["localhost"]))).toMatchObject({ state: "unknown", reason: "spf_hidden" });
  });

  test("a server that says nothing leaves it open, also behind an include", async () => {
    dns.zone.set("example.com", { trouble: "servfail" });
    expect(await look()).toMatchObject({ state: "unknown" });
    txt("example.com", "v=spf1 include:away.example.org -all");
    dns.zone.set("away.example.org", { trouble: "silent" });
    expect(await look()).toMatchObject({ state: "unknown" });
  });
});

describe("links", () => {
  const look = () => lookAtLinks(dns.resolver, "example.com", "mail.example.net");

  test("an alias of our host, or its addresses, are right; anything else is not", async () => {
    expect(await look()).toMatchObject({ state: "missing" });
    dns.zone.set("links.example.com", { CNAME: "Mail.Example.net" });
    expect(await look()).toMatchObject({ state: "ok" });
    dns.zone.set("mail.example.net", { A: ["192.0.2.7"], AAAA: ["2001:db8::7"] });
    dns.zone.set("links.example.com", { A: ["192.0.2.7"] });
    expect(await look()).toMatchObject({ state: "ok" });
    dns.zone.set("links.example.com", { A: ["192.0.2.7", "192.0.2.8"] });
    expect(await look()).toMatchObject({ state: "different", seen: ["192.0.2.7", "192.0.2.8"] });
    dns.zone.set("links.example.com", { CNAME: "elsewhere.example" });
    expect(await look()).toMatchObject({ state: "different", seen: ["elsewhere.example"] });
    dns.zone.set("links.example.com", { trouble: "silent" });
    expect(await look()).toMatchObject({ state: "unknown" });
  });
});

test("a zone file gets a key in strings that DNS can hold", () => {
  const value = dkimValue("rsa", rsa.publicKey);
  const line = zoneLine("s._domainkey.example.com", "TXT", value);
  const strings = [...line.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? "");
  expect(strings.map((text) => text.length)).toEqual([255, value.length - 255]);
  expect(strings.join("")).toBe(value);
  expect(line).toMatch(/^s\._domainkey\.example\.com\. 3600 IN TXT \( "/);
  expect(zoneLine("a.example", "TXT", 'say "x\\y"')).toBe('a.example. 3600 IN TXT "say \\"x\\\\y\\""');
  expect(zoneLine("links.example.com", "CNAME", "mail.example.net")).toBe(
    "links.example.com. 3600 IN CNAME mail.example.net.",
  );
});
