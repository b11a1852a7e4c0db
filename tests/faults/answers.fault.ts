import { describe, expect, test } from "vitest";
import { soundMjml } from "#tests/support/campaign-fixtures.ts";
import type { Phase, Rule } from "#tests/support/journal-smtp-rules.ts";
import { inArena, isShort, type Run, type RunOptions, wires } from "./arena.ts";
import { type Judged, tell } from "./judge.ts";

/*
 * Every way in which a server can say no or break off, at every step of a mail, on both wires. The cases of a wire run
 * beside each other, each with a campaign, a sender and a server of its own, through the same two workers.
 */

const replyTimeoutSeconds = 3;
const field = inArena({
  crew: ["first", "second"],
  env: { DELIVERY_REPLY_TIMEOUT_SECONDS: String(replyTimeoutSeconds), DELIVERY_CONNECT_TIMEOUT_SECONDS: "5" },
});

const people = 300;
/** Fifteen of them. */
const some = "-\\d*[02468]0@";
const hit = people / 20;

interface Case {
  fault: string;
  rules?: Rule[];
  options?: RunOptions;
  /** Second copies that this fault makes unavoidable; none where it is left out. */
  bound?: (isPipelining: boolean) => number;
  /** What else has to be true; by default everybody is sent to. */
  and?: (run: Run, judged: Judged) => Promise<void> | void;
  short?: true;
}

const everybodySent = (_run: Run, judged: Judged) => {
  expect(judged.counts.sent).toBe(people);
};

/** Only those whom the rule names have failed, and none of them is blamed for it. */
async function someFailed(run: Run, judged: Judged, suppressed: number): Promise<void> {
  expect(judged.counts.sent).toBe(people - hit);
  expect(judged.failed).toHaveLength(hit);
  expect(judged.failed.every((email) => new RegExp(some).test(email))).toBe(true);
  const { rows } = await field
    .arena()
    .pool.query("select count(*)::int as n from suppression where workspace_id = $1", [run.scope.workspaceId]);
  expect(rows[0].n, "suppressed").toBe(suppressed);
}

const once = (at: Phase, what: Rule["do"], accept?: boolean): Rule[] => [
  { at, to: some, timesPerRecipient: 1, do: what, ...(accept === undefined ? {} : { accept }) },
];
const always = (at: Phase, reply: string): Rule[] => [{ at, to: some, do: { reply } }];

/** A body that does not fit into one piece: text that no compression of the wire makes smaller. */
const long = soundMjml.replace("Hello", `${Array.from({ length: 12_000 }, (_, n) => `word${n}`).join(" ")} Hello`);

const answers: Case[] = [
  { fault: "451 at MAIL", rules: [{ at: "mail", times: 3, do: { reply: "451 4.3.0 try again later" } }] },
  { fault: "550 at MAIL", rules: [{ at: "mail", times: 3, do: { reply: "550 5.7.1 sender not authorised" } }] },
  { fault: "451 at RCPT", rules: once("rcpt", { reply: "451 4.3.0 try again later" }), short: true },
  {
    fault: "550 at RCPT",
    rules: always("rcpt", "550 5.1.1 no such user"),
    and: (run, judged) => someFailed(run, judged, hit),
  },
  { fault: "451 at DATA", rules: once("data", { reply: "451 4.3.0 try again later" }) },
  {
    fault: "554 at DATA",
    rules: always("data", "554 5.3.0 transaction failed"),
    and: (run, judged) => someFailed(run, judged, 0),
  },
  { fault: "451 at the dot", rules: once("dot", { reply: "451 4.3.0 try again later" }), short: true },
  {
    fault: "554 at the dot",
    rules: always("dot", "554 5.3.0 transaction failed"),
    and: (run, judged) => someFailed(run, judged, 0),
  },
];

// What was answered in the same moment as the reset is lost with the connection: on our wire the mail before it.
const lostBefore = (isPipelining: boolean) => (isPipelining ? hit : 0);

const breaks: Case[] = [
  { fault: "FIN at RCPT", rules: once("rcpt", "close") },
  { fault: "RST at RCPT", rules: once("rcpt", "reset"), bound: lostBefore },
  { fault: "FIN instead of 354", rules: once("data", "close") },
  { fault: "RST instead of 354", rules: once("data", "reset"), bound: lostBefore },
  { fault: "FIN in the middle of a long body", rules: once("body", "close"), options: { draft: longDraft() } },
  { fault: "RST in the middle of a long body", rules: once("body", "reset"), options: { draft: longDraft() } },
  { fault: "FIN after the dot of a mail that was not taken", rules: once("dot", "close", false) },
  { fault: "RST after the dot of a mail that was not taken", rules: once("dot", "reset", false), short: true },
  {
    fault: "a server that cuts the line after every seventh mail",
    options: { flags: ["--close-after", "7"] },
    short: true,
  },
  {
    fault: "421 in the middle of a session",
    rules: [{ at: "dot", skip: 20, times: 5, do: { reply: "421 4.3.2 shutting down", close: true }, accept: false }],
  },
  {
    fault: "421 to a MAIL in the middle of a session",
    rules: [{ at: "mail", skip: 50, times: 2, do: { reply: "421 4.3.2 shutting down", close: true } }],
  },
];

const lost250s: Case[] = [
  { fault: "250 lost by FIN", rules: once("dot", "close", true), bound: () => hit, and: allDoubled },
  { fault: "250 lost by RST", rules: once("dot", "reset", true), bound: () => hit, and: allDoubled },
  {
    fault: "250 that does not come in time",
    rules: [{ id: "stall", at: "dot", to: some, timesPerRecipient: 1, hold: true }],
    bound: () => hit,
    and: allDoubled,
    short: true,
  },
  {
    fault: "garbage instead of a 250",
    rules: once("dot", { reply: "=== internal trace 0x7f ===" }, true),
    bound: () => hit,
    and: allDoubled,
  },
  {
    fault: "half a 250",
    rules: once("dot", { reply: "250 2.0.0 que", cut: true, close: true }, true),
    bound: () => hit,
    and: allDoubled,
  },
  {
    fault: "half a 250 to a mail that was not taken",
    rules: once("dot", { reply: "250 2.0.0 que", cut: true, close: true }, false),
  },
];

const puttingOff: Case[] = [
  {
    fault: "greylisting: everybody is put off once",
    rules: [{ at: "rcpt", timesPerRecipient: 1, do: { reply: "450 4.7.1 greylisted, come back later" } }],
    short: true,
  },
];

/** The doubt is resolved by a second copy, once. */
function allDoubled(_run: Run, judged: Judged): void {
  expect(judged.counts.sent).toBe(people);
  expect(judged.duplicates).toBe(hit);
}

function longDraft(): RunOptions["draft"] {
  return { content: { kind: "mjml", v: 1, source: long } };
}

describe.each(wires)("$wire", ({ wire, flags }) => {
  const cases = [...answers, ...breaks, ...lost250s, ...puttingOff].filter(({ short }) => short || !isShort);

  const named = cases.map((one) => [one.fault, one] as const);
  test.concurrent.each(named)("%s: nobody is lost", async (fault, { rules = [], options = {}, bound, and }) => {
    const isPipelining = flags.length === 0;
    const most = bound?.(isPipelining) ?? 0;
    const server = [...flags, ...(options.flags ?? [])];
    await field.within({ people, rules, ...options, flags: server }, async (run) => {
      await run.launch();
      const judged = await run.finished(60_000);
      tell(`${fault}, ${wire}`, judged, most);
      expect(judged.duplicates).toBeLessThanOrEqual(most);
      expect(judged.inDoubt).toEqual([]);
      await (and ?? everybodySent)(run, judged);
    });
  });
});
