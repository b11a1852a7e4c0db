import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { bounceAddress } from "#lib/bounce-address.ts";
import type { Db, Pool } from "#lib/db.ts";
import { stateCounts } from "#lib/delivery/counts.ts";
import { newId } from "#lib/ids.ts";
import { unsubscribeUrl } from "#lib/public-url.ts";
import { signToken } from "#lib/tokens.ts";
import { makeWorkspace, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import {
  exchangeBounce,
  gmailBounce,
  personalReply,
  postfixBounce,
  vacationReply,
  yahooComplaint,
} from "#tests/support/feedback-mails.ts";
import { claimNext, sendingCampaign, settlement } from "#tests/support/sending-campaign.ts";
import { markSending } from "../delivery/mark.ts";
import { settleGroup } from "../delivery/settle.ts";
import { takeMail } from "./take-mail.ts";

let database: Awaited<ReturnType<typeof useTestDatabase>>;
let db: Db;
let pool: Pool;
let mine: Awaited<ReturnType<typeof sendingCampaign>>;
let number: number;
let messages: Array<{ id: string; email: string; subscriber_id: string }>;

beforeAll(async () => {
  database = await useTestDatabase();
  ({ db, pool } = database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool.query("update campaign set status = 'cancelled'");
  mine = await sendingCampaign(db, pool, 3);
  const { chunk, messages: claimed } = await claimNext(db);
  await markSending(db, chunk, newId(), claimed);
  await settleGroup(
    db,
    claimed.map((message) => settlement(chunk, message)),
  );
  number = (await pool.query("select number from workspace where id = $1", [mine.scope.workspaceId])).rows[0].number;
  messages = (
    await pool.query("select id, email, subscriber_id from message where source_id = $1 order by id", [mine.campaignId])
  ).rows;
});

const address = (i: number, workspace = number) =>
  bounceAddress(workspace, messages[i]?.id as string, "bounces.example.com");
const messageId = (i: number) => `<${messages[i]?.id}@example.com>`;
const unsubscribe = (i: number, workspaceNumber = number) =>
  unsubscribeUrl(
    "https://news.example.com",
    signToken({
      purpose: "unsubscribe",
      workspaceNumber,
      subscriberId: messages[i]?.subscriber_id as string,
      campaignId: mine.campaignId,
    }),
  );
const rows = async () =>
  (
    await pool.query(
      "select message_id, kind, source_id, class, enhanced, words from feedback where workspace_id = $1 order by message_id, kind",
      [mine.scope.workspaceId],
    )
  ).rows;
const suppressions = async () =>
  (
    await pool.query(
      "select email_key, reason, detail, campaign_id from suppression where workspace_id = $1 order by email_key",
      [mine.scope.workspaceId],
    )
  ).rows;
const standing = async (i: number) =>
  (await pool.query("select status from subscription where subscriber_id = $1", [messages[i]?.subscriber_id])).rows[0]
    .status;

test("a complaint, found by its signed address, ends all mail to the person and is counted once", async () => {
  const secondList = newId();
  await pool.query("insert into list (workspace_id, id, name) values ($1, $2, 'Other')", [
    mine.scope.workspaceId,
    secondList,
  ]);
  await pool.query(
    "insert into subscription (workspace_id, list_id, subscriber_id, status) values ($1, $2, $3, 'subscribed')",
    [mine.scope.workspaceId, secondList, messages[0]?.subscriber_id],
  );
  const mail = yahooComplaint({ returnPath: address(0) });
  expect(await takeMail(db, mail)).toEqual({
    kind: "complaint",
    outcome: "recorded",
    detail: "abuse",
    messageId: messages[0]?.id,
  });
  const after = [await rows(), await suppressions()];
  expect(after).toMatchObject([
    [
      {
        message_id: messages[0]?.id,
        kind: "complaint",
        source_id: mine.campaignId,
        class: "abuse",
        words: "Yahoo!-Mail-Feedback/2.0",
      },
    ],
    [{ email_key: messages[0]?.email, reason: "complaint", campaign_id: mine.campaignId }],
  ]);
  const { rows: standings } = await pool.query("select status from subscription where subscriber_id = $1", [
    messages[0]?.subscriber_id,
  ]);
  expect(standings).toEqual([{ status: "complained" }, { status: "complained" }]);
  expect(await standing(1)).toBe("subscribed");
  const { rows: proof } = await pool.query(
    "select status, method, campaign_id from consent where subscriber_id = $1 and method = 'complaint'",
    [messages[0]?.subscriber_id],
  );
  expect(proof).toHaveLength(2);

  expect(await takeMail(db, mail)).toMatchObject({ outcome: "known" });
  expect(await takeMail(db, yahooComplaint({ returnPath: address(0), type: "fraud" }))).toMatchObject({
    outcome: "known",
  });
  expect([await rows(), await suppressions()]).toEqual(after);
  const { rows: proofAfter } = await pool.query(
    "select 1 from consent where subscriber_id = $1 and method = 'complaint'",
    [messages[0]?.subscriber_id],
  );
  expect(proofAfter).toHaveLength(2);
});

test("two reports of one complaint at once are one", async () => {
  const mail = yahooComplaint({ returnPath: address(0) });
  const taken = await Promise.all(Array.from({ length: 6 }, () => takeMail(db, mail)));
  expect(taken.map(({ outcome }) => outcome).sort()).toEqual(["known", "known", "known", "known", "known", "recorded"]);
  expect(await rows()).toHaveLength(1);
});

test("who complained after a change of address is left alone at both", async () => {
  await pool.query("update subscriber set email = 'new@example.com', email_key = 'new@example.com' where id = $1", [
    messages[0]?.subscriber_id,
  ]);
  await takeMail(db, yahooComplaint({ returnPath: address(0) }));
  expect((await suppressions()).map((row) => row.email_key).sort()).toEqual(
    [messages[0]?.email, "new@example.com"].sort(),
  );
  expect(await standing(0)).toBe("complained");
});

test("a complaint about a mail whose person has been deleted since still blocks the address", async () => {
  await pool.query("delete from subscription where subscriber_id = $1", [messages[0]?.subscriber_id]);
  await pool.query("delete from subscriber where id = $1", [messages[0]?.subscriber_id]);
  expect(await takeMail(db, yahooComplaint({ unsubscribe: unsubscribe(0) }))).toMatchObject({ outcome: "recorded" });
  expect(await suppressions()).toMatchObject([{ email_key: messages[0]?.email, reason: "complaint" }]);
});

test("a hard bounce after acceptance suppresses with the server's words; the message stays sent", async () => {
  for (const [i, mail] of [postfixBounce, exchangeBounce, gmailBounce].entries())
    expect(await takeMail(db, mail({ returnPath: address(i), person: messages[i]?.email as string }))).toMatchObject({
      outcome: "recorded",
      detail: "hard",
    });
  expect(await suppressions()).toMatchObject([
    { reason: "hard_bounce", detail: expect.stringMatching(/^5\.1\.\d+ 550/), campaign_id: mine.campaignId },
    { reason: "hard_bounce" },
    { reason: "hard_bounce" },
  ]);
  expect(await standing(0)).toBe("bounced");
  expect(await stateCounts(db, mine.scope.workspaceId, mine.campaignId)).toMatchObject({ sent: 3, failed: 0 });
});

test("where a forwarder's other mailbox is gone, the person who forwards still gets mail", async () => {
  const mail = postfixBounce({ returnPath: address(0), person: "elsewhere@example.net" });
  expect(await takeMail(db, mail)).toMatchObject({ outcome: "recorded", detail: "hard" });
  expect([await suppressions(), await standing(0)]).toEqual([[], "subscribed"]);
  const strange = postfixBounce({ returnPath: address(1), person: "no address" });
  await takeMail(db, strange);
  expect(await standing(1), "a mailbox without a name is the one we sent to").toBe("bounced");
});

test("other bounces are written down and touch nobody; a hard one after them counts, and not the other way round", async () => {
  const full = postfixBounce({
    returnPath: address(0),
    status: "5.2.2",
    diagnostic: "smtp; 552 5.2.2 Mailbox full",
  });
  expect(await takeMail(db, full)).toMatchObject({ outcome: "recorded", detail: "soft" });
  expect(await rows()).toMatchObject([
    { kind: "bounce", class: "soft", enhanced: "5.2.2", words: "552 5.2.2 Mailbox full" },
  ]);
  expect(await suppressions()).toEqual([]);
  expect(await standing(0)).toBe("subscribed");

  const gone = postfixBounce({ returnPath: address(0), person: messages[0]?.email as string });
  expect(await takeMail(db, gone)).toMatchObject({ outcome: "recorded" });
  expect(await takeMail(db, full)).toMatchObject({ outcome: "known" });
  expect(await rows()).toMatchObject([{ kind: "bounce", class: "hard", enhanced: "5.1.1" }]);
  expect(await standing(0)).toBe("bounced");
  expect(await takeMail(db, yahooComplaint({ returnPath: address(0) })), "another kind").toMatchObject({
    outcome: "recorded",
  });
  expect(await rows()).toHaveLength(2);
});

test("without a signed address the unsubscribe link in what was returned finds the message", async () => {
  expect(await takeMail(db, exchangeBounce({ unsubscribe: unsubscribe(1) }))).toMatchObject({
    outcome: "recorded",
    messageId: messages[1]?.id,
  });
  expect(await takeMail(db, yahooComplaint({ unsubscribe: unsubscribe(2) }))).toMatchObject({
    outcome: "recorded",
    messageId: messages[2]?.id,
  });
});

test("the signed address goes before the unsubscribe link", async () => {
  await takeMail(db, postfixBounce({ returnPath: address(0), unsubscribe: unsubscribe(1) }));
  expect(await rows()).toMatchObject([{ message_id: messages[0]?.id }]);
});

test("a forged, foreign or strange trace touches nobody, whatever address the report names", async () => {
  const genuine = address(0);
  const other = genuine[10] === "a" ? "b" : "a";
  const person = messages[0]?.email as string;
  const theirs = await makeWorkspace(pool);
  const theirNumber = (await pool.query("select number from workspace where id = $1", [theirs.workspaceId])).rows[0]
    .number;
  const strangers = [
    { returnPath: `${genuine.slice(0, 10)}${other}${genuine.slice(11)}` },
    { returnPath: address(0, theirNumber) },
    { returnPath: bounceAddress(number, newId(), "bounces.example.com") },
    { returnPath: "news@example.com" },
    // Readable in every link of a mail, and printed by archives: it proves nothing.
    { messageId: messageId(0) },
    { unsubscribe: unsubscribe(0, theirNumber) },
    { unsubscribe: `${unsubscribe(0).slice(0, -1)}${unsubscribe(0).endsWith("A") ? "B" : "A"}` },
    { unsubscribe: "https://news.example.com/u/short" },
    {},
  ];
  for (const about of strangers)
    for (const mail of [postfixBounce, gmailBounce, yahooComplaint])
      expect(await takeMail(db, mail({ person, ...about })), JSON.stringify(about)).toMatchObject({
        outcome: "stranger",
      });
  expect([await rows(), await suppressions(), await standing(0)]).toEqual([[], [], "subscribed"]);
});

test("what is no report changes nothing, even at a genuine address", async () => {
  const about = { returnPath: address(0), unsubscribe: unsubscribe(0) };
  expect(await takeMail(db, vacationReply(about))).toMatchObject({ outcome: "ignored" });
  expect(await takeMail(db, personalReply(about))).toMatchObject({ outcome: "unknown" });
  expect(await takeMail(db, postfixBounce({ ...about, action: "delayed", status: "4.4.1" }))).toMatchObject({
    outcome: "ignored",
    detail: "delayed",
  });
  expect(await takeMail(db, yahooComplaint({ ...about, type: "not-spam" }))).toMatchObject({ outcome: "ignored" });
  expect(await takeMail(db, Buffer.from([0, 255, 10, 13]))).toMatchObject({ outcome: "unknown" });
  expect([await rows(), await suppressions(), await standing(0)]).toEqual([[], [], "subscribed"]);
});
