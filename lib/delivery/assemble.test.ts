import PostalMime, { type Email } from "postal-mime";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Db, Pool } from "#lib/db.ts";
import { readToken } from "#lib/tokens.ts";
import { useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { claimNext, sendingCampaign } from "#tests/support/sending-campaign.ts";
import { assembleMail } from "./assemble.ts";
import { type CampaignMail, loadCampaignMail } from "./campaign-mail.ts";
import type { LoadedMessage } from "./load-chunk.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Awaited<ReturnType<typeof sendingCampaign>>;
let campaign: CampaignMail;
let message: LoadedMessage;
const at = new Date("2026-03-01T12:00:00Z");

beforeAll(async () => {
  process.env.PUBLIC_URL = "https://news.example.com";
  database = await useTestDatabase();
  ({ db, pool } = database);
  mine = await sendingCampaign(db, pool);
  await pool.query("update subscriber set first_name = 'Zoë' where workspace_id = $1", [mine.scope.workspaceId]);
  await pool.query("update campaign set reply_to = 'help@example.com', from_name = 'Acme, Inc.' where id = $1", [
    mine.campaignId,
  ]);
  campaign = await loadCampaignMail(db, mine.scope.workspaceId, mine.campaignId);
  message = (await claimNext(db)).messages[0] as LoadedMessage;
});
afterAll(() => database.close());

/** The whole of one person's mail. */
const source = (of: CampaignMail, to: LoadedMessage, when = at): string => {
  const { head, body } = assembleMail(of, to, when).message;
  return head + body;
};
const header = (mail: Email, key: string) => mail.headers.find((one) => one.key === key)?.value;
const urls = (text: string) => [...text.matchAll(/https:\/\/news\.example\.com\/[^\s"<>)]+/g)].map(([url]) => url);
const tokenOf = (url: string) => url.slice(url.lastIndexOf("/") + 1);

test("one person's mail carries what every mail has to", async () => {
  const { from, to } = assembleMail(campaign, message, at);
  expect([from, to]).toEqual(["news@example.com", message.email]);
  const mail = await PostalMime.parse(source(campaign, message));
  expect(mail.from).toMatchObject({ name: "Acme, Inc.", address: "news@example.com" });
  expect(mail.to).toMatchObject([{ address: message.email }]);
  expect(mail.replyTo).toMatchObject([{ address: "help@example.com" }]);
  expect(mail.subject).toBe("What is new this spring");
  expect(mail.messageId).toBe(`<${message.id}@example.com>`);
  expect(header(mail, "date")).toBe("Sun, 01 Mar 2026 12:00:00 +0000");
  expect(header(mail, "precedence")).toBe("bulk");
  expect(header(mail, "list-id")).toBe(`Acme <${mine.scope.workspaceId}.example.com>`);
  expect(header(mail, "feedback-id")).toBe(`${mine.campaignId}:${mine.scope.workspaceId}:campaign:posthorn`);
  expect(header(mail, "mime-version")).toBe("1.0");
  expect(mail.html).toContain("Hello Zoë");
  expect(mail.text).toContain("Hello Zoë");
});

test("it can be left with one click, by a token for this person and this campaign", async () => {
  const mail = await PostalMime.parse(source(campaign, message));
  expect(header(mail, "list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
  const [url = ""] = urls(header(mail, "list-unsubscribe") ?? "");
  expect(readToken("unsubscribe", tokenOf(url))).toMatchObject({
    subscriberId: message.subscriberId,
    campaignId: mine.campaignId,
  });
  expect(mail.html).toContain(url);
  expect(mail.text).toContain(url);
});

test("one click is not promised over plain http", () => {
  const plain = source({ ...campaign, baseUrl: "http://localhost:3000" }, message);
  expect(plain).toContain("List-Unsubscribe: <http://localhost:3000/");
  expect(plain).not.toContain("List-Unsubscribe-Post");
});

test("its links and its pixel are signed for this message", async () => {
  const mail = await PostalMime.parse(source(campaign, message));
  const tokens = urls(mail.html ?? "").map(tokenOf);
  const clicks = tokens.map((token) => readToken("click", token)).filter((token) => token !== null);
  const opens = tokens.map((token) => readToken("open", token)).filter((token) => token !== null);
  expect(clicks).toMatchObject([{ messageId: message.id, linkPosition: 0 }]);
  expect(opens).toMatchObject([{ messageId: message.id }]);
  expect(mail.html).not.toContain("https://example.com/news");
});

test("it is ASCII with CRLF line ends, no line is too long and none starts with a dot", () => {
  const whole = source(campaign, message);
  expect(whole).toMatch(/^[\t\x20-\x7e\r\n]*\r\n$/);
  expect(whole.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  expect(whole).not.toMatch(/^\./m);
  const { head, body } = assembleMail(campaign, message, at).message;
  expect(head.endsWith("\r\n\r\n")).toBe(true);
  expect(head.split("\r\n").every((line) => line.length <= 998)).toBe(true);
  expect(body.split("\r\n").every((line) => line.length <= 76)).toBe(true);
});

test("a second attempt is the same mail but for its date", () => {
  const later = source(campaign, { ...message, lastN: 1, lastState: "in_doubt", tries: 1 }, new Date());
  const undated = (text: string) => text.replace(/^Date: .*$/m, "");
  expect(undated(later)).toBe(undated(source(campaign, message)));
});

test("merge fields of one person never reach another, whoever is made first", () => {
  const other = { ...message, id: mine.campaignId, fields: { ...message.fields, first_name: "" } };
  const first = source(campaign, message);
  const second = source(campaign, other);
  expect(second).toContain("Hello there");
  expect(second).not.toContain("Zo=C3=AB");
  expect(source(campaign, message)).toBe(first);
});

test("a person's own data can add no header", () => {
  const eve = { ...message, email: "eve@example.com\r\nBcc: all@example.com" };
  expect(() => assembleMail(campaign, eve, at)).toThrow("an address");
});

test("without frozen content nothing is made", async () => {
  expect(() => assembleMail(campaign, { ...message, variantId: mine.campaignId }, at)).toThrow("no frozen content");
  await expect(loadCampaignMail(db, mine.scope.workspaceId, message.id)).rejects.toThrow("no frozen content");
});
