import { dkimVerify } from "mailauth/lib/dkim/verify";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import type { Db, Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { checkDomain } from "#lib/senders/domains/check.ts";
import { getDomain } from "#lib/senders/domains/list.ts";
import { addDomain, setSigning } from "#lib/senders/domains/save.ts";
import { makeDraft, makeList, makeWorkspace, refusalCode, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { startTestDns, type TestDns } from "#tests/support/dns-server.ts";
import { type JournalSmtp, startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import { launch } from "./launch.ts";
import { reviewCampaign } from "./review.ts";
import { sendTest } from "./test-send.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let server: JournalSmtp;
let dns: TestDns;
let db: Db;
let pool: Pool;
let mine: Scope;
let theirs: Scope;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
  server = await startJournalSmtp({ flags: ["--keep-messages"] });
  dns = await startTestDns();
});
afterAll(async () => {
  await dns.stop();
  await server.stop();
  await database.close();
});
beforeEach(async () => {
  dns.zone.clear();
  mine = await makeWorkspace(pool);
  theirs = await makeWorkspace(pool);
  const insert = `insert into sender (workspace_id, name, kind, host, port, tls_mode, is_default)
    values ($1, 'Relay', 'smtp', '127.0.0.1', $2, 'none', true)`;
  await pool.query(insert, [mine.workspaceId, server.port]);
});

async function draft(scope: Scope) {
  return makeDraft(db, scope, await makeList(pool, scope, 1));
}

/** The check of the From address's domain: "state code". */
async function domainCheck(scope: Scope, campaignId: string): Promise<string | null> {
  const { checks } = await reviewCampaign(db, scope, campaignId);
  const found = checks.find((check) => check.code.startsWith("campaign.domain_"));
  return found ? `${found.state} ${found.code}` : null;
}

async function publish(scope: Scope, domainId: string): Promise<void> {
  for (const { name, value } of (await getDomain(db, scope, domainId)).records)
    if (value) dns.zone.set(name, { TXT: [value] });
  await checkDomain(db, scope, domainId, dns.resolver);
}

test("a review warns of a From address whose domain does not sign, and names the domain's page", async () => {
  const { id } = await draft(mine);
  const foreign = await addDomain(db, theirs, { domain: "example.com" });
  await publish(theirs, foreign);
  expect(await domainCheck(mine, id)).toBe("warning campaign.domain_unsigned");
  const domainId = await addDomain(db, mine, { domain: "example.com" });
  expect(await domainCheck(mine, id)).toBe("warning campaign.domain_unsigned");
  const { checks } = await reviewCampaign(db, mine, id);
  expect(checks.find((check) => check.code === "campaign.domain_unsigned")?.detail).toMatchObject({ domainId });

  await publish(mine, domainId);
  expect(await domainCheck(mine, id)).toBe("ok campaign.domain_unsigned");
  dns.zone.clear();
  await checkDomain(db, mine, domainId, dns.resolver);
  expect(await domainCheck(mine, id)).toBe("warning campaign.domain_gone");
  await setSigning(db, mine, { domainId, on: false });
  expect(await domainCheck(mine, id)).toBe("warning campaign.domain_unsigned");
});

test("the test inbox and a sample workspace are not warned about", async () => {
  const { id } = await draft(theirs);
  expect(await domainCheck(theirs, id)).toBeNull();
  const own = await draft(mine);
  await pool.query("update workspace set is_sample = true where id = $1", [mine.workspaceId]);
  expect(await domainCheck(mine, own.id)).toBeNull();
});

test("a key that is lost keeps a launch and a test back, instead of letting mail go unsigned", async () => {
  const campaign = await draft(mine);
  const domainId = await addDomain(db, mine, { domain: "example.com" });
  await setSigning(db, mine, { domainId, on: true });
  await pool.query("update sending_domain set rsa_private_sealed = 'lost' where id = $1", [domainId]);
  expect(await domainCheck(mine, campaign.id)).toBe("blocked campaign.domain_lost");
  const started = launch(db, mine, {
    campaignId: campaign.id,
    version: campaign.version,
    when: { kind: "now" },
    acceptPlainHttp: true,
  });
  expect(await refusalCode(started)).toBe("campaign.domain_lost");
  const test = sendTest(db, mine, { campaignId: campaign.id, to: ["you@example.com"], subscriberId: null });
  expect(await refusalCode(test)).toBe("domains.key_lost");
  // It does not sign, so nothing is missing.
  await setSigning(db, mine, { domainId, on: false });
  expect(await domainCheck(mine, campaign.id)).toBe("warning campaign.domain_unsigned");
});

test("a test arrives with a signature that an independent verifier accepts", async () => {
  const { id } = await draft(mine);
  const domainId = await addDomain(db, mine, { domain: "example.com" });
  await publish(mine, domainId);
  const to = `${newId()}@example.net`;
  await sendTest(db, mine, { campaignId: id, to: [to], subscriberId: null });
  const mail = (await server.accepted()).find((one) => one.to === to);
  const { results } = await dkimVerify(Buffer.from(mail?.message ?? ""), {
    resolver: (name: string) => dns.resolver.resolveTxt(name),
  });
  expect(results.map((r) => [r.status.result, r.signingDomain])).toEqual([["pass", "example.com"]]);
});
