import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classify, classOfReply } from "./outcome.ts";
import { parseReply } from "./smtp-reply.ts";
import type { Phase } from "./transport.ts";

/*
 * Answers in the forms that the big receivers and the common servers give, by what they document. An address in them is
 * ann@to.test, a sending host 192.0.2.1.
 */

/** phase, the server's lines, class, action; only "hard" suppresses. */
type Case = [Phase, string, string, string];

const gmail: Case[] = [
  [
    "rcpt",
    "550-5.1.1 There is no account at the address you wrote to. Look for typing\n550 5.1.1 errors. https://support.google.com/mail/?p=NoSuchUser - gsmtp",
    "hard",
    "fail",
  ],
  ["rcpt", "550-5.2.1 The email account that you tried to reach is disabled.\n550 5.2.1 gsmtp", "hard", "fail"],
  ["rcpt", "553-5.1.2 The recipient's domain could not be found.\n553 5.1.2 gsmtp", "hard", "fail"],
  ["rcpt", "553 5.1.3 The recipient address is not a valid RFC 5321 address. gsmtp", "hard", "fail"],
  ["rcpt", "452-4.2.2 The recipient's inbox is out of storage space.\n452 4.2.2 gsmtp", "soft", "retry"],
  ["rcpt", "552-5.2.2 The email account that you tried to reach is over quota.\n552 5.2.2 gsmtp", "soft", "retry"],
  [
    "rcpt",
    "450-4.2.1 The user you are trying to contact is receiving mail too quickly.\n450 4.2.1 gsmtp",
    "soft",
    "retry",
  ],
  [
    "dot",
    "421-4.7.0 Our system has detected an unusual rate of unsolicited mail from your\n421 4.7.0 address. Mail has been temporarily rate limited. gsmtp",
    "throttle",
    "retry",
  ],
  [
    "dot",
    "421-4.7.28 Gmail has detected an unusual rate of mail from your SPF domain. To\n421 4.7.28 protect users, it was rate limited. gsmtp",
    "throttle",
    "retry",
  ],
  ["rcpt", "421 4.4.5 Server busy, try again later. gsmtp", "network", "retry"],
  ["rcpt", "550 5.4.5 Daily user sending limit exceeded. gsmtp", "throttle", "retry"],
  ["dot", "550-5.7.26 Your email has been blocked because the sender is unauthenticated. gsmtp", "auth", "retry"],
  ["dot", "550-5.7.27 Blocked: SPF did not pass for the sender's domain. gsmtp", "auth", "retry"],
  ["dot", "550-5.7.30 Blocked: DKIM did not pass for the sender's domain. gsmtp", "auth", "retry"],
  ["dot", "421-4.7.27 Rate limited because SPF did not pass.\n421 4.7.27 gsmtp", "auth", "retry"],
  ["dot", "421-4.7.29 Rate limited because it was not sent over TLS.\n421 4.7.29 gsmtp", "auth", "retry"],
  ["dot", "421-4.7.30 Rate limited because DKIM did not pass.\n421 4.7.30 gsmtp", "auth", "retry"],
  [
    "dot",
    "550-5.7.1 This message is likely suspicious due to the very low reputation of the\n550 5.7.1 sending domain, so it has been blocked. gsmtp",
    "block",
    "fail",
  ],
  ["dot", "550-5.7.25 The sending IP address has no PTR record.\n550 5.7.25 gsmtp", "block", "fail"],
  ["dot", "552-5.7.0 Blocked because its attachment presents a security issue.\n552 5.7.0 gsmtp", "block", "fail"],
  ["dot", "552-5.3.4 Your message exceeded Google's message size limits.\n552 5.3.4 gsmtp", "content", "fail"],
  ["dot", "550 5.6.0 Mail message is malformed. gsmtp", "content", "fail"],
  ["mail", "530 5.7.0 Must issue a STARTTLS command first. gsmtp", "sender", "back_to_pending"],
  ["auth", "535-5.7.8 Username and password not accepted.\n535 5.7.8 gsmtp", "sender", "back_to_pending"],
];

const microsoft: Case[] = [
  ["rcpt", "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).", "hard", "fail"],
  ["rcpt", "550 5.4.1 Recipient address rejected: Access denied. [AMS.prod.protection.outlook.com]", "hard", "fail"],
  [
    "dot",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@to.test not found by SMTP address lookup",
    "hard",
    "fail",
  ],
  ["dot", "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException", "soft", "retry"],
  [
    "mail",
    "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent: part of their network is on our block list (S3150).",
    "sender",
    "back_to_pending",
  ],
  [
    "dot",
    "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent: part of their network is on our block list (S3140).",
    "block",
    "fail",
  ],
  ["rcpt", "550 5.7.606 Access denied, banned sending IP [192.0.2.1].", "block", "fail"],
  ["rcpt", "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP.", "block", "fail"],
  [
    "rcpt",
    "421 RP-001 Some messages weren't sent. There are limits for how many can be sent per hour and per day.",
    "throttle",
    "retry",
  ],
  ["rcpt", "451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719)", "throttle", "retry"],
  [
    "rcpt",
    "451 4.7.651 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation.",
    "throttle",
    "retry",
  ],
  ["rcpt", "452 4.5.3 Too many recipients", "throttle", "retry"],
  ["dot", "550 5.7.509 Access denied, sending domain from.test does not pass DMARC verification.", "auth", "retry"],
  [
    "dot",
    "550 5.7.515 Access denied, sending domain from.test does not meet the required authentication level.",
    "auth",
    "retry",
  ],
  ["rcpt", "550 5.7.64 TenantAttribution; Relay Access Denied", "sender", "retry"],
  ["dot", "550 5.7.60 SMTP; Client does not have permissions to send as this sender", "sender", "retry"],
  ["dot", "554 5.2.252 SendAsDenied; news@from.test not allowed to send as someone else", "sender", "retry"],
  ["rcpt", "550 5.1.8 Access denied, bad outbound sender AS(42004)", "sender", "retry"],
  ["mail", "530 5.7.57 Client not authenticated to send mail.", "sender", "back_to_pending"],
  ["greeting", "421 4.3.2 Service not available", "network", "back_to_pending"],
];

const exchange: Case[] = [
  ["rcpt", "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found", "hard", "fail"],
  ["rcpt", "550 5.7.1 Unable to relay", "sender", "retry"],
  ["dot", "552 5.3.4 RESOLVER.RST.SendSizeLimit.Org; message too large for this organization", "content", "fail"],
  ["mail", "452 4.3.1 Insufficient system resources", "network", "back_to_pending"],
];

const yahoo: Case[] = [
  ["dot", "554 delivery error: dd This user doesn't have a yahoo.com account (ann@yahoo.com) [0]", "hard", "fail"],
  ["rcpt", "552 1 Requested mail action aborted, mailbox not found", "hard", "fail"],
  [
    "rcpt",
    "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1",
    "throttle",
    "retry",
  ],
  [
    "rcpt",
    "421 4.7.1 [TS03] All messages from 192.0.2.1 will be permanently deferred; retrying will NOT succeed.",
    "block",
    "retry",
  ],
  ["rcpt", "553 5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferred", "block", "fail"],
  ["dot", "554 5.7.9 Message not accepted for policy reasons.", "block", "fail"],
  ["rcpt", "451 Resources temporarily unavailable. Please try again later [#4.16.5]", "unknown", "retry"],
];

const icloud: Case[] = [
  ["rcpt", "550 5.1.1 <ann@icloud.com>: user does not exist", "hard", "fail"],
  ["rcpt", "552 5.2.2 <ann@icloud.com>: user is over quota", "soft", "retry"],
  ["dot", "554 5.7.1 [HM08] Message rejected due to local policy.", "block", "fail"],
  ["rcpt", "450 4.7.0 [CS02] Too many messages from your server, try later", "throttle", "retry"],
];

const gmxAndWebDe: Case[] = [
  [
    "rcpt",
    "550-Requested action not taken: mailbox unavailable\n550 For explanation visit https://postmaster.gmx.net/en/case",
    "unknown",
    "fail",
  ],
  [
    "dot",
    "552-Requested mail action aborted: exceeded storage allocation\n552 For explanation visit https://postmaster.web.de/de/case",
    "soft",
    "retry",
  ],
  [
    "dot",
    "554-Transaction failed\n554-Reject due to policy restrictions.\n554 For explanation visit https://postmaster.gmx.net/en/case",
    "block",
    "fail",
  ],
  [
    "rcpt",
    "451-Requested action aborted: too many mails from your address\n451 Please try again later",
    "throttle",
    "retry",
  ],
  [
    "greeting",
    "554-web.de (mxweb001) Nemesis ESMTP Service not available\n554-No SMTP service\n554 Bad DNS PTR resource record.",
    "sender",
    "back_to_pending",
  ],
];

const tOnline: Case[] = [
  ["rcpt", "550 5.1.1 unknown user", "hard", "fail"],
  ["rcpt", "552 5.2.2 mailbox full", "soft", "retry"],
  ["dot", "550-5.7.0 Message considered as spam or virus, rejected", "block", "fail"],
  [
    "greeting",
    "554 IP=192.0.2.1 - A problem occurred. Ask your postmaster to contact tosa@rx.t-online.de. (BL)",
    "sender",
    "back_to_pending",
  ],
];

const gateways: Case[] = [
  // Proofpoint
  ["rcpt", "550 5.1.1 User Unknown", "hard", "fail"],
  ["rcpt", "550 5.7.0 Local Policy Violation", "block", "fail"],
  ["rcpt", "554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1", "block", "fail"],
  ["rcpt", "452 Too many recipients received this hour", "throttle", "retry"],
  // Mimecast
  ["rcpt", "550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550", "hard", "fail"],
  ["rcpt", "550 Administrative prohibition - envelope blocked", "block", "fail"],
  ["dot", "554 Email rejected due to security policies", "block", "fail"],
  ["rcpt", "451 IP temporarily blacklisted", "block", "retry"],
  ["rcpt", "451 Internal resource temporarily unavailable", "unknown", "retry"],
];

const postfix: Case[] = [
  [
    "rcpt",
    "550 5.1.1 <ann@to.test>: Recipient address rejected: User unknown in local recipient table",
    "hard",
    "fail",
  ],
  ["rcpt", "450 4.1.1 <ann@to.test>: Recipient address rejected: unverified address", "unknown", "retry"],
  ["rcpt", "450 4.2.0 <ann@to.test>: Recipient address rejected: Greylisted for 300 seconds", "greylist", "retry"],
  ["rcpt", "454 4.7.1 <ann@to.test>: Relay access denied", "sender", "retry"],
  ["rcpt", "554 5.7.1 <news@from.test>: Sender address rejected: Access denied", "sender", "retry"],
  ["rcpt", "553 5.7.1 <news@from.test>: Sender address rejected: not owned by user me", "sender", "retry"],
  ["rcpt", "550 5.7.23 <ann@to.test>: Recipient address rejected: Message rejected due to: SPF fail", "block", "fail"],
  ["rcpt", "450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.1]", "greylist", "retry"],
  ["rcpt", "552 5.2.2 <ann@to.test>: Recipient address rejected: Mailbox is full", "soft", "retry"],
  ["data", "451 4.3.5 Server configuration problem", "network", "retry"],
  ["dot", "421 4.4.2 mx.to.test Error: timeout exceeded", "network", "retry"],
];

const exim: Case[] = [
  [
    "rcpt",
    "550-Verification failed for <news@from.test>\n550-Unrouteable address\n550 Sender verify failed",
    "sender",
    "retry",
  ],
  ["rcpt", "550 relay not permitted", "sender", "retry"],
  ["rcpt", "451 Temporary local problem - please try later", "unknown", "retry"],
  ["dot", "552 Message size exceeds maximum permitted", "content", "fail"],
  ["greeting", "421 Too many concurrent SMTP connections; please try again later.", "throttle", "back_to_pending"],
  ["dot", "550 JunkMail rejected - (mx.from.test) [192.0.2.1] is in an RBL", "block", "fail"],
  ["rcpt", "550 Administrative prohibition", "unknown", "fail"],
];

const qmail: Case[] = [
  ["rcpt", "511 sorry, no mailbox here by that name (#5.1.1 - chkuser)", "hard", "fail"],
  ["rcpt", "550 sorry, no mailbox here by that name. (#5.1.1)", "hard", "fail"],
  ["rcpt", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", "sender", "retry"],
  ["rcpt", "553 sorry, your envelope sender is in my badmailfrom list (#5.7.1)", "sender", "retry"],
  ["dot", "552 sorry, that message size exceeds my databytes limit (#5.3.4)", "content", "fail"],
  ["dot", "451 qq temporary problem (#4.3.0)", "network", "retry"],
  ["dot", "554 mail server permanently rejected message (#5.3.0)", "unknown", "fail"],
];

const sendmail: Case[] = [
  ["rcpt", "550 5.1.1 <ann@to.test>... User unknown", "hard", "fail"],
  ["rcpt", "550 5.7.1 <ann@to.test>... Relaying denied", "sender", "retry"],
  ["rcpt", "553 5.1.8 <news@from.test>... Domain of sender address news@from.test does not exist", "sender", "retry"],
  ["rcpt", "452 4.4.5 Insufficient disk space; try again later", "network", "retry"],
  ["rcpt", "550 5.0.0 Access denied", "block", "fail"],
  ["dot", "554 5.6.1 Eight bit data not allowed", "content", "fail"],
];

const relays: Case[] = [
  // Amazon SES
  [
    "dot",
    "554 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: news@from.test",
    "sender",
    "retry",
  ],
  ["dot", "454 Throttling failure: Maximum sending rate exceeded.", "throttle", "retry"],
  ["dot", "454 Throttling failure: Daily message quota exceeded.", "throttle", "retry"],
  ["auth", "535 Authentication Credentials Invalid", "sender", "back_to_pending"],
  ["mail", "501 Invalid MAIL FROM address provided", "sender", "back_to_pending"],
  ["dot", "552 Message is too long.", "content", "fail"],
  // Mailgun
  ["rcpt", "550 5.7.1 Relaying denied", "sender", "retry"],
  ["rcpt", "421 Sending rate limit exceeded", "throttle", "retry"],
  ["dot", "550 Domain from.test is not allowed to send: the account is disabled", "sender", "retry"],
  ["rcpt", "550 5.7.1 You are not allowed to send mail to this group", "block", "fail"],
];

describe.each([
  ["Gmail", gmail],
  ["Outlook.com and Microsoft 365", microsoft],
  ["Exchange", exchange],
  ["Yahoo", yahoo],
  ["iCloud", icloud],
  ["GMX and WEB.DE", gmxAndWebDe],
  ["T-Online", tOnline],
  ["Proofpoint and Mimecast", gateways],
  ["Postfix", postfix],
  ["Exim", exim],
  ["qmail", qmail],
  ["Sendmail", sendmail],
  ["SES and Mailgun", relays],
])("%s", (_name, cases) => {
  test.each(cases)("at %s, %j is %s", (phase, lines, expectedClass, action) => {
    const reply = parseReply(lines.split("\n"));
    if (reply === "malformed") throw new Error(lines);
    expect(classify({ kind: "reply", phase, ...reply })).toMatchObject({
      class: expectedClass,
      action,
      suppress: expectedClass === "hard",
    });
  });
});

describe("whatever a server says", () => {
  const all = [
    gmail,
    microsoft,
    exchange,
    yahoo,
    icloud,
    gmxAndWebDe,
    tOnline,
    gateways,
    postfix,
    exim,
    qmail,
    sendmail,
    relays,
  ].flat();
  const phase = fc.constantFrom<Phase>("connect", "greeting", "ehlo", "tls", "auth", "mail", "rcpt", "data", "dot");
  /** Any words, and those that classify, mixed. */
  const words = fc
    .array(fc.oneof(fc.constantFrom(...all.map(([, lines]) => lines.slice(4))), fc.string()), { maxLength: 3 })
    .map((parts) => parts.join(" "));
  const enhanced = fc.option(
    fc.tuple(fc.constantFrom(4, 5), fc.nat(9), fc.oneof(fc.nat(40), fc.nat(999))).map((parts) => parts.join(".")),
    { nil: undefined },
  );
  const reply = (code: fc.Arbitrary<number>) =>
    fc
      .tuple(code, enhanced, words)
      .map(([number, x, text]) => ({ code: number, text, ...(x === undefined ? {} : { enhanced: x }) }));
  const temporary = reply(fc.integer({ min: 400, max: 499 }));
  const permanent = reply(fc.integer({ min: 500, max: 599 }));
  const runs = { numRuns: 3000 };

  test("a temporary answer is no hard bounce and fails nobody", () => {
    fc.assert(
      fc.property(phase, temporary, (at, said) => {
        expect(classOfReply(said)).not.toBe("hard");
        const { action, suppress } = classify({ kind: "reply", phase: at, ...said });
        expect(action).not.toBe("fail");
        expect(suppress).toBe(false);
      }),
      runs,
    );
  });

  test("only a permanent answer to RCPT or the final dot that is a hard bounce suppresses", () => {
    fc.assert(
      fc.property(phase, fc.oneof(temporary, permanent), (at, said) => {
        const found = classify({ kind: "reply", phase: at, ...said });
        const mayTouch = (at === "rcpt" || at === "dot") && said.code >= 500;
        if (found.suppress) expect([mayTouch, found.class, found.action]).toEqual([true, "hard", "fail"]);
        if (found.touchesPerson) expect(at === "rcpt" || at === "dot").toBe(true);
      }),
      runs,
    );
  });

  test("before MAIL it is the sender's trouble and nobody's message", () => {
    const opening = fc.constantFrom<Phase>("connect", "greeting", "ehlo", "tls", "auth");
    fc.assert(
      fc.property(opening, fc.oneof(temporary, permanent), (at, said) => {
        const found = classify({ kind: "reply", phase: at, ...said });
        expect([found.action, found.scope, found.countsAsAttempt]).toEqual(["back_to_pending", "sender", false]);
      }),
      runs,
    );
  });

  test("a full mailbox, greylisting, rate, trust in the domain and the sender's own trouble fail nobody at once", () => {
    fc.assert(
      fc.property(phase, fc.oneof(temporary, permanent), (at, said) => {
        const found = classify({ kind: "reply", phase: at, ...said });
        if (["soft", "greylist", "throttle", "auth", "sender", "network"].includes(found.class))
          expect(found.action).not.toBe("fail");
        if (found.class === "throttle") expect(found.countsAsAttempt).toBe(false);
      }),
      runs,
    );
  });

  test("a 2xx after the dot is sent, whatever its words", () => {
    fc.assert(
      fc.property(reply(fc.integer({ min: 200, max: 299 })), (said) => {
        expect(classify({ kind: "reply", phase: "dot", ...said }).class).toBe("sent");
      }),
    );
  });
});
