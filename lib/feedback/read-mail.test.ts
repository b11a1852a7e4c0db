import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  amazonComplaint,
  exchangeBounce,
  gmailBounce,
  personalReply,
  postfixBounce,
  vacationReply,
  yahooComplaint,
} from "#tests/support/feedback-mails.ts";
import { readMail } from "./read-mail.ts";
import { isMail, mailsOfMbox } from "./take-mail.ts";

const id = "0198c0de-0000-7000-8000-000000000001";
const returnPath = `b-${"a2".repeat(30)}@bounces.example.com`;
const token = "Ax_-".repeat(18);
const about = { returnPath, messageId: `<${id}@example.com>`, unsubscribe: `https://news.example.com/u/${token}` };
const traces = { addresses: [`b-${"a2".repeat(30)}@`], tokens: [token] };

describe("bounces", () => {
  test.each([
    [
      "Postfix",
      postfixBounce,
      { enhanced: "5.1.1" },
      /^550 5\.1\.1 <ann@example\.com>: Recipient address rejected: User/,
    ],
    [
      "Exchange",
      exchangeBounce,
      { enhanced: "5.1.10" },
      /^550 5\.1\.10 RESOLVER\.ADR\.RecipientNotFound; Recipient ann/,
    ],
    ["Gmail", gmailBounce, { enhanced: "5.1.1" }, /does not exist\. Please try 550-5\.1\.1 double-checking/],
  ])("of %s are read, with the server's words and both traces", async (_name, mail, expected, words) => {
    const read = await readMail(mail(about));
    expect(read).toMatchObject({ kind: "bounce", class: "hard", traces, ...expected });
    if (read.kind !== "bounce") throw new Error("no bounce");
    expect(read.words).toMatch(words);
    expect(read.words).not.toMatch(/[\r\n\0]|^smtp/);
  });

  test.each<[string, Record<string, string>, string]>([
    ["a full mailbox", { status: "5.2.2", diagnostic: "smtp; 552 5.2.2 Mailbox full" }, "soft"],
    ["spam", { status: "5.7.1", diagnostic: "smtp; 550 5.7.1 Message rejected as spam" }, "block"],
    ["a queue that ran out of time", { status: "4.4.7", diagnostic: "smtp; 451 4.4.7 Message expired" }, "network"],
    [
      "an address that only words call unknown, for a while",
      { status: "4.0.0", diagnostic: "smtp; 450 user unknown" },
      "unknown",
    ],
    ["a code without an enhanced one", { status: "5.0.0", diagnostic: "smtp; 550 No such user here" }, "hard"],
    ["a status and no answer", { status: "5.1.1", diagnostic: "x-unix; unknown user: ann" }, "hard"],
    ["words that nobody knows", { status: "5.0.0", diagnostic: "x-postfix; it did not work" }, "unknown"],
    ["our own relay", { status: "5.7.1", diagnostic: "smtp; 554 5.7.1 Relay access denied" }, "sender"],
    ["nonsense", { status: "five", diagnostic: "" }, "unknown"],
  ])("about %s are told apart: %o → %s", async (_words, changes, expected) => {
    expect(await readMail(postfixBounce({ ...about, ...changes }))).toMatchObject({ kind: "bounce", class: expected });
  });

  test("a delay is never a bounce, whatever its status, and a delivery none either", async () => {
    for (const action of ["delayed", "Delayed", "delayed (will retry)"])
      expect(await readMail(postfixBounce({ ...about, action }))).toEqual({ kind: "ignored", why: "delayed" });
    for (const action of ["delivered", "relayed", "expanded"])
      expect(await readMail(gmailBounce({ ...about, action }))).toEqual({ kind: "ignored", why: "delivered" });
  });

  test("of several recipients the mildest failure counts", async () => {
    const group =
      "Final-Recipient: rfc822; bob@example.com\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 full\n";
    const both = postfixBounce(about).toString("latin1").replace("\nFinal-Recipient:", `\n${group}\nFinal-Recipient:`);
    expect(await readMail(Buffer.from(both, "latin1"))).toMatchObject({ class: "soft" });
  });
});

describe("complaints", () => {
  test.each([
    ["Yahoo", yahooComplaint, "Yahoo!-Mail-Feedback/2.0"],
    ["Amazon", amazonComplaint, "Amazon SES Mailbox Simulator"],
  ])("of %s are read, with both traces", async (_name, mail, words) => {
    for (const type of ["abuse", "fraud", "other", "Abuse"])
      expect(await readMail(mail({ ...about, type }))).toEqual({
        kind: "complaint",
        class: type.toLowerCase(),
        words,
        traces,
      });
  });

  test.each(["not-spam", "auth-failure", "virus", "opt-out-list"])("%s is none", async (type) => {
    expect(await readMail(yahooComplaint({ ...about, type }))).toEqual({ kind: "ignored", why: "no_complaint" });
  });

  test("without its type it is unknown", async () => {
    expect(await readMail(yahooComplaint({ ...about, type: "" }))).toEqual({ kind: "unknown" });
  });
});

test("answers of machines are ignored, those of people unknown, whatever words are in them", async () => {
  expect(await readMail(vacationReply(about))).toEqual({ kind: "ignored", why: "auto_reply" });
  expect(await readMail(personalReply(about))).toEqual({ kind: "unknown" });
  for (const header of ["Precedence: auto_reply", "X-Autoreply: yes", "Auto-Submitted: auto-generated"])
    expect(await readMail(Buffer.from(`${header}\r\nFrom: a@example.com\r\n\r\nHello`))).toMatchObject({
      kind: "ignored",
    });
  expect(await readMail(Buffer.from("Auto-Submitted: no\r\n\r\nHello"))).toEqual({ kind: "unknown" });
});

test("a report that somebody attaches or quotes is no report", async () => {
  for (const report of [yahooComplaint(about), postfixBounce(about)]) {
    const wrapped = `From: a@example.com\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n${report.toString("latin1")}\r\n--x--\r\n`;
    expect(await readMail(Buffer.from(wrapped, "latin1"))).toEqual({ kind: "unknown" });
    const mixed = report.toString("latin1").replace(/multipart\/report/i, "multipart/mixed");
    const read = await readMail(Buffer.from(mixed, "latin1"));
    expect(["unknown", "ignored"]).toContain(read.kind);
  }
});

test("line ends, letter case and a line before the mail change nothing", async () => {
  const plain = await readMail(postfixBounce(about));
  const text = postfixBounce(about).toString("latin1");
  for (const same of [text.replaceAll("\n", "\r\n"), text.replace(/^From .*\n/, ""), `>${text}`])
    expect(await readMail(Buffer.from(same, "latin1"))).toEqual(plain);
  const shouted = text.replace(/^(Action|Status|Diagnostic-Code|Message-ID|Return-Path):/gim, (name) =>
    name.toUpperCase(),
  );
  expect(await readMail(Buffer.from(shouted, "latin1"))).toEqual(plain);
});

describe("hostile bytes", () => {
  const nested = (depth: number) => {
    let mail = "";
    for (let i = 0; i < depth; i++) mail += `Content-Type: multipart/report; boundary=b${i}\r\n\r\n--b${i}\r\n`;
    return Buffer.from(`${mail}Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n`);
  };
  test.each<[string, () => Buffer]>([
    ["nothing", () => Buffer.alloc(0)],
    ["only NUL", () => Buffer.alloc(100_000)],
    ["a thousand parts in one another", () => nested(1000)],
    ["a header that never ends", () => Buffer.from(`To: ${"a".repeat(3_000_000)}`)],
    ["a hundred thousand headers", () => Buffer.from("X: y\r\n".repeat(100_000))],
    [
      "a boundary that is not there",
      () => Buffer.from('Content-Type: multipart/report; boundary=""\r\n\r\n--\r\n--\r\n'),
    ],
    ["half a report", () => postfixBounce(about).subarray(0, 1500)],
  ])("%s is not a report", async (_name, mail) => {
    expect((await readMail(mail())).kind).toBe("unknown");
  });

  test("a report with megabytes in it is read, and its words are cut", async () => {
    const long = await readMail(postfixBounce({ ...about, diagnostic: `smtp; 550 5.1.1 no ${"x".repeat(3_000_000)}` }));
    expect(long).toMatchObject({ kind: "bounce", class: "hard" });
    if (long.kind === "bounce") expect(long.words.length).toBeLessThanOrEqual(1000);
    const blocks = "\nFinal-Recipient: rfc822; a@example.com\nAction: delayed\n".repeat(50_000);
    const many = postfixBounce(about).toString("latin1").replace("\nFinal-Recipient:", `${blocks}\nFinal-Recipient:`);
    await readMail(Buffer.from(many, "latin1"));
  });

  test("NUL, lone surrogates and controls do not come through to what is kept", async () => {
    const read = await readMail(
      postfixBounce({ ...about, diagnostic: "smtp; 550 5.1.1 no\0body\x1b[31m \xff\xfe here" }),
    );
    if (read.kind !== "bounce") throw new Error("no bounce");
    expect(read.words).not.toMatch(/\p{Cc}/u);
    expect(read.class).toBe("hard");
  });

  test("whatever bytes are changed, it answers", async () => {
    const mails = [
      postfixBounce(about),
      exchangeBounce(about),
      gmailBounce(about),
      yahooComplaint(about),
      amazonComplaint(about),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...mails),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 20 }),
        fc.nat(),
        async (mail, changes, end) => {
          const bytes = Buffer.from(mail.subarray(0, end % 3 === 0 ? end % mail.length : mail.length));
          for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
          expect(["bounce", "complaint", "ignored", "unknown"]).toContain((await readMail(bytes)).kind);
        },
      ),
      { numRuns: 300 },
    );
  });
});

test("what has a header first is a mail, anything else is not", () => {
  for (const mail of [postfixBounce(), yahooComplaint(), personalReply(), Buffer.from("Subject: x\n\n")])
    expect(isMail(mail)).toBe(true);
  for (const other of ["", "\n\nSubject: x", "Hello you", "\0\0\0", "%PDF-1.7\n", "From only"])
    expect(isMail(Buffer.from(other)), other).toBe(false);
});

test("a mailbox file is taken apart, and what was quoted for it is unquoted", async () => {
  const escaped = postfixBounce(about).toString("latin1").replace("This is the mail", ">From the mail");
  const mails = mailsOfMbox(Buffer.from(`${escaped}\n${escaped}\nFrom x\nSubject: y\n\nz\n`, "latin1"));
  expect(mails).toHaveLength(3);
  expect(mails[0]?.toString("latin1")).toContain("\nFrom the mail");
  expect(await readMail(mails[1] as Buffer)).toMatchObject({ kind: "bounce", traces });
});
