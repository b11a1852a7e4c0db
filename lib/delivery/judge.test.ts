import { expect, test, vi } from "vitest";
import type { CampaignMail } from "./campaign-mail.ts";
import { createDkimSigner } from "./dkim.ts";
import { createJudge } from "./judge.ts";
import type { LoadedMessage } from "./load-chunk.ts";
import { retrySchedule } from "./retry-schedule.ts";
import type { Outcome, Phase } from "./transport.ts";

const campaign = (changes: Partial<CampaignMail> = {}): CampaignMail => ({
  campaignId: "c",
  workspaceId: "w",
  workspaceNumber: 1,
  baseUrl: "https://news.example.com",
  verbatimUrls: true,
  fromEmail: "news@example.com",
  bounceHost: null,
  domain: "example.com",
  sharedHeaders: "",
  senderId: null,
  senderIds: null,
  inDoubtPolicy: "resend",
  endsAt: null,
  mails: new Map(),
  signer: createDkimSigner([]),
  ...changes,
});
const message = (changes: Partial<LoadedMessage> = {}): LoadedMessage => ({
  id: "m",
  subscriberId: "s",
  variantId: "v",
  email: "ann@example.com",
  lane: "example.com",
  lastN: 0,
  lastState: "pending",
  tries: 0,
  doubts: 0,
  firstTriedAt: null,
  fields: {},
  ...changes,
});
/** Far from what the clock of this host says. */
const databaseNow = Date.UTC(2031, 4, 1);
const schedule = retrySchedule("bulk", { random: () => 0.5 });
const reply = (phase: Phase, code: number, enhanced: string | undefined, text: string): Outcome => ({
  kind: "reply",
  phase,
  code,
  text,
  ...(enhanced === undefined ? {} : { enhanced }),
});
const broke = (phase: Phase, bodyHandedOver: boolean): Outcome => ({
  kind: "network",
  phase,
  bodyHandedOver,
  error: "read ECONNRESET",
});

function setUp(changes: Partial<CampaignMail> = {}) {
  const onTrouble = vi.fn();
  const onSenderTrouble = vi.fn();
  const judge = createJudge(campaign(changes), schedule, onTrouble);
  return {
    onTrouble,
    onSenderTrouble,
    judge: (outcome: Outcome, of: Partial<LoadedMessage> = {}) =>
      judge(message(of), { kind: "outcome", outcome }, databaseNow, onSenderTrouble),
    raw: judge,
  };
}

test("a 250 at the dot is sent, with the server's words", () => {
  expect(setUp().judge(reply("dot", 250, "2.0.0", "queued as 7"))).toEqual({
    state: "sent",
    class: "sent",
    phase: "dot",
    code: 250,
    enhanced: "2.0.0",
    reply: "queued as 7",
    nextInSeconds: null,
    tries: 1,
    suppress: null,
  });
});

test("nobody there: failed, and the address gets no more mail", () => {
  const { judge } = setUp();
  expect(judge(reply("rcpt", 550, "5.1.1", "no such user"))).toMatchObject({
    state: "failed",
    class: "hard",
    suppress: "ann@example.com",
  });
});

test("a line that broke before the dot is tried again, one that broke after it is in doubt", () => {
  const { judge } = setUp();
  expect(judge(broke("data", false))).toMatchObject({ state: "deferred", nextInSeconds: 60, tries: 1 });
  expect(judge(broke("dot", true))).toMatchObject({ state: "in_doubt", nextInSeconds: 60, tries: 1 });
});

test("a second doubt is held for a person, and so is the first one under the policy to hold", () => {
  expect(setUp().judge(broke("dot", true), { doubts: 1 })).toMatchObject({ state: "in_doubt", nextInSeconds: null });
  expect(setUp({ inDoubtPolicy: "hold" }).judge(broke("dot", true))).toMatchObject({
    state: "in_doubt",
    nextInSeconds: null,
  });
});

test("a doubt that could be sent again only after the campaign's end is held for a person", () => {
  const endsIn = (seconds: number) => ({ endsAt: new Date(databaseNow + seconds * 1000) });
  expect(setUp(endsIn(30)).judge(broke("dot", true))).toMatchObject({ state: "in_doubt", nextInSeconds: null });
  expect(setUp(endsIn(90)).judge(broke("dot", true))).toMatchObject({ state: "in_doubt", nextInSeconds: 60 });
});

test("a temporary refusal is put off by the schedule until the message is too old or the campaign ends", () => {
  const later = reply("rcpt", 451, "4.3.0", "try again");
  expect(setUp().judge(later, { tries: 1 })).toMatchObject({ state: "deferred", nextInSeconds: 300, tries: 2 });
  const old = new Date(databaseNow - 72 * 3600 * 1000);
  expect(setUp().judge(later, { tries: 12, firstTriedAt: old })).toMatchObject({ state: "failed", suppress: null });
  const soon = new Date(databaseNow + 30_000);
  expect(setUp({ endsAt: soon }).judge(later)).toMatchObject({ state: "failed", nextInSeconds: null });
});

test("an answer about rate uses up no try", () => {
  const slow = reply("rcpt", 421, "4.7.28", "receiving mail at a rate that is too high, slow down");
  expect(setUp().judge(slow, { tries: 3 })).toMatchObject({ state: "deferred", class: "throttle", tries: 3 });
});

test("trouble of the sender fails nobody and is reported", () => {
  const { judge, onSenderTrouble } = setUp();
  const refused = reply("mail", 550, "5.7.1", "not allowed to send");
  expect(judge(refused)).toMatchObject({ state: "back", tries: 0 });
  expect(onSenderTrouble).toHaveBeenCalledExactlyOnceWith(refused);
});

test("what was withheld or not taken goes back as if nothing had been", () => {
  const { judge, raw, onSenderTrouble } = setUp();
  expect(judge({ kind: "withheld", at: "mail", reason: "stopped" })).toMatchObject({ state: "back", tries: 0 });
  expect(raw(message(), { kind: "not_taken" }, databaseNow, onSenderTrouble)).toMatchObject({
    state: "back",
    tries: 0,
  });
  expect(onSenderTrouble).not.toHaveBeenCalled();
});

test("a mail that cannot be made has failed, alone", () => {
  const { raw, onTrouble, onSenderTrouble } = setUp();
  expect(raw(message(), { kind: "unmade", error: new Error("no") }, databaseNow, onSenderTrouble)).toMatchObject({
    state: "failed",
    class: "content",
    suppress: null,
  });
  expect(onTrouble).not.toHaveBeenCalled();
});

test("a domain that is not authenticated stops the campaign at once, and nobody is lost by it", () => {
  const { judge, onTrouble } = setUp();
  for (let i = 0; i < 3; i++)
    expect(judge(reply("dot", 550, "5.7.26", "this mail is unauthenticated")).state).toBe("deferred");
  expect(onTrouble).toHaveBeenCalledExactlyOnceWith("auth: this mail is unauthenticated");
});

test("what is counted over all workers stops nothing by itself: the breakers look at the rows", () => {
  const { judge, onTrouble } = setUp();
  for (let i = 0; i < 200; i++) {
    expect(judge(reply("dot", 552, "5.3.4", "message too big"))).toMatchObject({ state: "failed", class: "content" });
    expect(judge(reply("dot", 554, "5.7.1", "rejected as spam"))).toMatchObject({ state: "failed", suppress: null });
  }
  expect(onTrouble).not.toHaveBeenCalled();
});

test("a reply is kept up to a thousand characters", () => {
  expect(setUp().judge(reply("rcpt", 550, "5.1.1", "x".repeat(5000))).reply).toHaveLength(1000);
});
