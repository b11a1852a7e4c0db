import PostalMime from "postal-mime";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Scope } from "#lib/auth/scope.ts";
import { listStarters } from "#lib/content/starters.ts";
import type { Db, Pool } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import {
  makeDraft,
  makeList,
  makeWorkspace,
  refusalCode,
  soundMjml,
  useTestDatabase,
} from "#tests/support/campaign-fixtures.ts";
import { type JournalSmtp, startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import type { DraftPatch } from "./input.ts";
import { previewCampaign, previewContent } from "./preview.ts";
import { reviewCampaign } from "./review.ts";
import { sendTest } from "./test-send.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let server: JournalSmtp;
let db: Db;
let pool: Pool;
let mine: Scope;
let senderId: string;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
  server = await startJournalSmtp({ flags: ["--keep-messages"] });
});
afterAll(async () => {
  await server.stop();
  await database.close();
});
beforeEach(async () => {
  await server.setRules([]);
  mine = await makeWorkspace(pool);
  senderId = newId();
  await pool.query(
    `insert into sender (workspace_id, id, name, kind, host, port, tls_mode, is_default)
     values ($1, $2, 'Relay', 'smtp', '127.0.0.1', $3, 'none', true)`,
    [mine.workspaceId, senderId, server.port],
  );
});

async function addPerson(scope: Scope, firstName: string): Promise<string> {
  const id = newId();
  const email = `${id}@example.com`;
  await pool.query(
    "insert into subscriber (workspace_id, id, email, email_key, first_name, source) values ($1, $2, $3, $3, $4, 'manual')",
    [scope.workspaceId, id, email, firstName],
  );
  return id;
}

test("a test goes through the campaign's sender as a real mail with the person's data, and is not tracked", async () => {
  const { id } = await makeDraft(db, mine, await makeList(pool, mine, 1), {
    subject: "Grüße an {{ subscriber.first_name }}",
    replyTo: "office@example.com",
  });
  const subscriberId = await addPerson(mine, "Zoë");
  const to = [`one-${id}@example.com`, `two-${id}@example.com`];
  const { sender, isInbox, results } = await sendTest(db, mine, { campaignId: id, to, subscriberId });
  expect({ sender, isInbox }).toEqual({ sender: "Relay", isInbox: false });
  expect(results).toEqual(to.map((email) => ({ email, accepted: true, words: "", advice: null })));
  const taken = (await server.accepted()).filter((mail) => to.includes(mail.to));
  expect(taken).toHaveLength(2);
  const mail = await PostalMime.parse(taken[0]?.message ?? "");
  expect(mail.subject).toBe("[Test] Grüße an Zoë");
  expect(mail.from).toMatchObject({ name: "Acme", address: "news@example.com" });
  expect(mail.replyTo).toMatchObject([{ address: "office@example.com" }]);
  expect(mail.html).toContain("Hello Zoë");
  expect(mail.html).toContain('href="https://example.com/news"');
  expect(mail.html).not.toContain("/o/");
  expect(mail.text).toContain("1 Harbour Street");
});

test.each(
  listStarters("en")
    .filter(({ category }) => category !== "empty")
    .map((starter) => [starter.key, starter] as const),
)("the starter %s can be sent as a test, and shown, as it is", async (_key, { subject, preheader, content }) => {
  const { id } = await makeDraft(db, mine, await makeList(pool, mine, 1), { subject, preheader, content });
  const to = `starter-${id}@example.com`;
  const { results } = await sendTest(db, mine, {
    campaignId: id,
    to: [to],
    subscriberId: await addPerson(mine, "Zoë"),
  });
  expect(results).toMatchObject([{ accepted: true }]);
  const mail = await PostalMime.parse((await server.accepted()).find((one) => one.to === to)?.message ?? "");
  expect(mail.html).toContain("1 Harbour Street");
  expect(mail.text).toContain("1 Harbour Street");
  const choice = { subscriberId: null, scheme: "light" } as const;
  expect(await previewCampaign(db, mine, id, choice)).toMatchObject({ ok: true, warnings: [] });
  expect((await reviewCampaign(db, mine, id)).checks).not.toContainEqual(
    expect.objectContaining({ area: "content", state: "blocked" }),
  );
});

test("what the server says to a test is passed on in its words", async () => {
  const { id } = await makeDraft(db, mine, null);
  await server.setRules([{ at: "rcpt", do: { reply: "550 5.7.1 We do not relay" } }]);
  const { results } = await sendTest(db, mine, { campaignId: id, to: ["you@example.com"], subscriberId: null });
  expect(results[0]).toMatchObject({ accepted: false, words: "550 5.7.1 We do not relay" });
  expect(results[0]?.advice).toBeTruthy();
});

test.each<[string, DraftPatch, string]>([
  ["campaign.from_invalid", { fromEmail: "nobody" }, "you@example.com"],
  ["campaign.subject_empty", { subject: " " }, "you@example.com"],
  ["campaign.content_broken", { content: { kind: "mjml", v: 1, source: "<mjml>" } }, "you@example.com"],
  ["campaign.test_address", {}, "a@example.com, b@example.com"],
])("a test is refused with %s", async (code, patch, to) => {
  const { id } = await makeDraft(db, mine, null, patch);
  expect(await refusalCode(sendTest(db, mine, { campaignId: id, to: [to], subscriberId: null }))).toBe(code);
});

test("neither a test nor a preview shows a person of another workspace", async () => {
  const theirs = await makeWorkspace(pool);
  const { id } = await makeDraft(db, mine, null);
  const subscriberId = await addPerson(theirs, "Stranger");
  expect(await refusalCode(sendTest(db, mine, { campaignId: id, to: ["you@example.com"], subscriberId }))).toBe(
    "not_found",
  );
  expect(await refusalCode(previewCampaign(db, mine, id, { subscriberId, scheme: "light" }))).toBe("not_found");
  expect(await refusalCode(previewCampaign(db, theirs, id, { subscriberId: null, scheme: "light" }))).toBe("not_found");
});

test("a preview fills in a person, or says by line what is broken", async () => {
  const subscriberId = await addPerson(mine, "<script>alert(1)</script>");
  const base = {
    name: "",
    subject: "For {{ subscriber.first_name }}",
    preheader: "Hi {{ subscriber.first_name }}",
    subscriberId,
    scheme: "dark" as const,
  };
  const fine = await previewContent(db, mine, { ...base, content: { kind: "mjml", v: 1, source: soundMjml } });
  if (!fine.ok) throw new Error("was not rendered");
  expect(fine.html).not.toContain("<script");
  expect(fine).toMatchObject({
    subject: "For <script>alert(1)</script>",
    preheader: "Hi <script>alert(1)</script>",
    hasUnsubscribeLink: true,
  });
  const broken = await previewContent(db, mine, {
    ...base,
    content: { kind: "mjml", v: 1, source: soundMjml.replace("see <a", "{% bogus %}<a") },
  });
  expect(broken).toMatchObject({ ok: false, problems: [{ where: "content", line: 2 }] });
});
