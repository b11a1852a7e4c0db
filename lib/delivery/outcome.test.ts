import { describe, expect, test } from "vitest";
import { classify, classOfReply } from "./outcome.ts";
import { parseReply } from "./smtp-reply.ts";
import type { Phase } from "./transport.ts";

function judge(phase: Phase, line: string) {
  const reply = parseReply(line.split("\n"));
  if (reply === "malformed") throw new Error(line);
  return classify({ kind: "reply", phase, ...reply });
}

/** phase, the server's line, class, action, counted, suppressed */
const rows: [Phase, string, string, string, boolean, boolean][] = [
  ["dot", "250 2.0.0 Ok: queued as 4XyZ", "sent", "sent", true, false],
  ["dot", "250 OK id=1rT0aB-000000001aB-2cDe", "sent", "sent", true, false],
  ["dot", "354 what?", "in_doubt", "in_doubt", true, false],
  // hard
  [
    "rcpt",
    "550-5.1.1 The email account that you tried to reach does not exist. Please try\n550 5.1.1 https://support.google.com/mail/?p=NoSuchUser - gsmtp",
    "hard",
    "fail",
    true,
    true,
  ],
  [
    "rcpt",
    "550 5.1.1 <ann@to.test>: Recipient address rejected: User unknown in virtual mailbox table",
    "hard",
    "fail",
    true,
    true,
  ],
  [
    "rcpt",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "hard",
    "fail",
    true,
    true,
  ],
  ["dot", "550 5.1.0 Address rejected", "hard", "fail", true, true],
  ["dot", "550 5.1.2 Host unknown", "hard", "fail", true, true],
  ["rcpt", "553 5.1.3 <ann@to..test>: Invalid address format", "hard", "fail", true, true],
  ["dot", "551 5.1.6 Mailbox has moved", "hard", "fail", true, true],
  [
    "rcpt",
    "550-5.2.1 The email account that you tried to reach is inactive.\n550 5.2.1 gsmtp",
    "hard",
    "fail",
    true,
    true,
  ],
  ["rcpt", "550 No such user here", "hard", "fail", true, true],
  ["rcpt", "550 Unrouteable address", "hard", "fail", true, true],
  [
    "dot",
    "554 delivery error: dd This user doesn't have a yahoo.com account (ann@yahoo.com) [0]",
    "hard",
    "fail",
    true,
    true,
  ],
  ["rcpt", "550 sorry, no mailbox here by that name. (#5.1.1)", "hard", "fail", true, true],
  // soft
  [
    "rcpt",
    "552-5.2.2 The recipient's inbox is out of storage space and inactive.\n552 5.2.2 gsmtp",
    "soft",
    "retry",
    true,
    false,
  ],
  ["rcpt", "452-4.2.2 The recipient's inbox is out of storage space.\n452 4.2.2 gsmtp", "soft", "retry", true, false],
  [
    "rcpt",
    "450-4.2.1 The user you are trying to contact is receiving mail at a rate that\n450 4.2.1 prevents additional messages from being delivered. gsmtp",
    "soft",
    "retry",
    true,
    false,
  ],
  ["dot", "552 Mailbox is full / over quota", "soft", "retry", true, false],
  // network
  ["dot", "451 4.3.0 Error: queue file write error", "network", "retry", true, false],
  ["rcpt", "452 4.3.1 Insufficient system storage", "network", "retry", true, false],
  ["rcpt", "451 4.4.0 DNS query failed", "network", "retry", true, false],
  ["dot", "550 5.4.4 Unable to route: no mail hosts for domain", "network", "retry", true, false],
  ["dot", "554 5.4.7 Delivery time expired", "network", "retry", true, false],
  // throttle
  [
    "rcpt",
    "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints",
    "throttle",
    "retry",
    false,
    false,
  ],
  [
    "dot",
    "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from\n421 4.7.28 your IP address.",
    "throttle",
    "retry",
    false,
    false,
  ],
  [
    "rcpt",
    "451 4.7.650 The mail server has been temporarily rate limited due to IP reputation (S775)",
    "throttle",
    "retry",
    false,
    false,
  ],
  ["rcpt", "421 too many messages in this connection", "throttle", "retry", false, false],
  ["rcpt", "450 You have exceeded 100 messages per hour", "throttle", "retry", false, false],
  // greylist
  [
    "rcpt",
    "450 4.2.0 <ann@to.test>: Recipient address rejected: Greylisted, see http://postgrey.test/",
    "greylist",
    "retry",
    true,
    false,
  ],
  ["rcpt", "451 4.7.1 Please try again later", "greylist", "retry", true, false],
  ["rcpt", "451 Greylisting in action, please come back later", "greylist", "retry", true, false],
  // block
  [
    "rcpt",
    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
    "block",
    "fail",
    true,
    false,
  ],
  [
    "dot",
    "550-5.7.1 Our system has detected that this message is likely unsolicited mail.\n550 5.7.1 gsmtp",
    "block",
    "fail",
    true,
    false,
  ],
  [
    "dot",
    "552-5.7.0 This message was blocked because its content presents a potential\n552 5.7.0 security issue.",
    "block",
    "fail",
    true,
    false,
  ],
  ["rcpt", "550 5.7.606 Access denied, banned sending IP [192.0.2.1]", "block", "fail", true, false],
  ["dot", "554 Message refused: looks like spam", "block", "fail", true, false],
  ["rcpt", "451 4.7.1 Client host blocked using bl.test", "block", "retry", true, false],
  // auth
  [
    "dot",
    "550-5.7.26 This mail is unauthenticated, which poses a security risk\n550 5.7.26 gsmtp",
    "auth",
    "retry",
    true,
    false,
  ],
  [
    "dot",
    "421-4.7.26 This mail has been rate limited because it is unauthenticated.\n421 4.7.26 gsmtp",
    "auth",
    "retry",
    true,
    false,
  ],
  [
    "dot",
    "550 5.7.515 Access denied, sending domain from.test does not meet the required authentication level",
    "auth",
    "retry",
    true,
    false,
  ],
  [
    "dot",
    "550 5.7.509 Access denied, sending domain does not pass DMARC verification and has a DMARC policy of reject",
    "auth",
    "retry",
    true,
    false,
  ],
  [
    "dot",
    "421-4.7.32 Your email has been rate limited because the From: header isn't aligned\n421 4.7.32 gsmtp",
    "auth",
    "retry",
    true,
    false,
  ],
  // content
  ["dot", "552 5.3.4 Message size exceeds fixed limit", "content", "fail", true, false],
  ["mail", "552 5.3.4 Message size exceeds fixed limit", "content", "fail", true, false],
  ["dot", "552 message too big", "content", "fail", true, false],
  ["dot", "550 5.6.0 Lone CR or LF in body", "content", "fail", true, false],
  // sender
  ["mail", "550 5.7.1 Sender not authorized", "sender", "back_to_pending", false, false],
  ["mail", "550 5.1.1 User unknown", "sender", "back_to_pending", false, false],
  ["mail", "530 5.7.0 Must issue a STARTTLS command first", "sender", "back_to_pending", false, false],
  ["auth", "535 5.7.8 Username and Password not accepted", "sender", "back_to_pending", false, false],
  ["greeting", "554 5.7.1 Your host is blocked", "sender", "back_to_pending", false, false],
  ["greeting", "421 4.7.0 Too many connections from your host", "throttle", "back_to_pending", false, false],
  ["mail", "451 4.3.2 System not accepting network messages", "network", "back_to_pending", false, false],
  [
    "rcpt",
    "550 5.1.0 <news@from.test>: Sender address rejected: User unknown in relay table",
    "sender",
    "retry",
    true,
    false,
  ],
  ["rcpt", "450 4.1.8 <news@from.test>: Sender address rejected: Domain not found", "sender", "retry", true, false],
  ["rcpt", "553 5.1.8 Domain of sender does not exist", "sender", "retry", true, false],
  ["rcpt", "554 5.7.1 <ann@to.test>: Relay access denied", "sender", "retry", true, false],
  ["rcpt", "530 5.7.0 Authentication required", "sender", "retry", true, false],
  // anything else
  [
    "rcpt",
    "450 4.1.1 <ann@to.test>: Recipient address rejected: User unknown, try again",
    "unknown",
    "retry",
    true,
    false,
  ],
  ["rcpt", "450 user unknown", "unknown", "retry", true, false],
  ["rcpt", "450 5.1.1 contradictory", "unknown", "retry", true, false],
  ["data", "550 5.1.1 User unknown", "unknown", "fail", true, false],
  ["dot", "554 Transaction failed", "unknown", "fail", true, false],
  ["dot", "451 Requested action aborted", "unknown", "retry", true, false],
];

test.each(rows)("at %s, %j is %s", (phase, line, expectedClass, action, countsAsAttempt, suppress) => {
  expect(judge(phase, line)).toMatchObject({ class: expectedClass, action, countsAsAttempt, suppress });
});

describe("the phase comes first", () => {
  const phases: Phase[] = ["connect", "greeting", "ehlo", "tls", "auth", "mail", "data"];
  test.each(phases)("no answer at %s touches the person", (phase) => {
    for (const [, line] of rows) {
      const verdict = judge(phase, line);
      expect([verdict.touchesPerson, verdict.suppress]).toEqual([false, false]);
    }
  });

  test.each<Phase>(["connect", "greeting", "ehlo", "tls", "auth"])(
    "nobody's message is failed by an answer at %s",
    (phase) => {
      for (const [, line] of rows)
        expect(judge(phase, line)).toMatchObject({ action: "back_to_pending", scope: "sender" });
    },
  );

  test("words alone never make a temporary answer a hard bounce", () => {
    for (const [, line] of rows) expect(classOfReply({ code: 450, text: line.slice(4) })).not.toBe("hard");
  });
});

describe("what is no answer", () => {
  test("a break after the dot is in doubt, before it is tried again, while opening fails nobody", () => {
    const broken = { kind: "network", error: "reset" } as const;
    expect(classify({ ...broken, phase: "dot", bodyHandedOver: true })).toMatchObject({
      class: "in_doubt",
      action: "in_doubt",
    });
    expect(classify({ ...broken, phase: "dot", bodyHandedOver: false })).toMatchObject({
      class: "network",
      action: "retry",
    });
    expect(classify({ ...broken, phase: "connect", bodyHandedOver: false })).toMatchObject({
      class: "network",
      action: "back_to_pending",
      scope: "sender",
    });
  });

  test("a message never written goes back without a try", () => {
    expect(classify({ kind: "withheld", at: "mail", reason: "stopped" })).toMatchObject({
      action: "back_to_pending",
      countsAsAttempt: false,
    });
  });

  test("an address we will not write fails its message and leaves the person alone", () => {
    expect(classify({ kind: "refused", reason: "recipient_address", text: "" })).toMatchObject({
      action: "fail",
      suppress: false,
    });
    expect(classify({ kind: "refused", reason: "smtputf8_missing", text: "" })).toMatchObject({
      action: "fail",
      suppress: false,
    });
    expect(classify({ kind: "refused", reason: "sender_address", text: "" })).toMatchObject({ scope: "sender" });
    expect(classify({ kind: "refused", reason: "too_big", text: "" })).toMatchObject({
      class: "content",
      scope: "campaign",
    });
  });

  test("a report without a basic code is read by its enhanced one", () => {
    expect(classOfReply({ code: 0, enhanced: "5.1.1", text: "" })).toBe("hard");
    expect(classOfReply({ code: 0, enhanced: "4.4.1", text: "" })).toBe("network");
  });
});
