/*
 * What mail servers and mailbox providers send back, byte by byte as they write it: the shapes differ in line ends,
 * folding, encodings, order and names of parts. Each is told whom it is for and what it is about.
 */

export interface About {
  /** The envelope sender that the returned mail had: where the report goes. */
  returnPath?: string;
  /** Message-ID of the returned mail, with its angle brackets; none when the reporter left it out. */
  messageId?: string;
  /** Address of the returned mail's unsubscribe link; none when the reporter left it out. */
  unsubscribe?: string;
  /** The person's address. */
  person?: string;
  status?: string;
  diagnostic?: string;
  action?: string;
}

type Facts = Required<About>;

const told = (about: About): Facts => ({
  returnPath: "news@example.com",
  messageId: "",
  unsubscribe: "",
  person: "ann@example.com",
  status: "5.1.1",
  diagnostic: "smtp; 550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown in local recipient table",
  action: "failed",
  ...about,
});

const crlf = (text: string): Buffer => Buffer.from(text.replace(/\r?\n/g, "\r\n"), "latin1");

/** The header of the mail that went out, as the far end saw it. */
const returned = ({ returnPath, messageId, unsubscribe, person }: Facts): string => `Return-Path: <${returnPath}>
Received: from post.example.com (post.example.com [192.0.2.9])
	by mx.example.net (Postfix) with ESMTPS id 4XyZ1q2w3e;
	Tue,  3 Mar 2026 10:11:12 +0000 (UTC)
From: Acme <news@example.com>
To: ${person}
Subject: =?utf-8?Q?What_is_new_this_spring?=
Date: Tue, 03 Mar 2026 10:11:10 +0000
${messageId === "" ? "" : `Message-ID: ${messageId}\n`}${unsubscribe === "" ? "" : `List-Unsubscribe:\n <${unsubscribe}>\n`}Precedence: bulk
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
`;

/** Postfix, as its pipe or local delivery hands it over: with Delivered-To, bare line feeds, and folded fields. */
export function postfixBounce(about: About = {}): Buffer {
  const facts = told(about);
  const { returnPath, person, status, diagnostic, action } = facts;
  return Buffer.from(
    `From MAILER-DAEMON  Tue Mar  3 10:11:13 2026
Return-Path: <>
X-Original-To: ${returnPath}
Delivered-To: ${returnPath}
Received: by mx.example.net (Postfix)
	id 4XyZ1r5t6z; Tue,  3 Mar 2026 10:11:13 +0000 (UTC)
Date: Tue,  3 Mar 2026 10:11:13 +0000 (UTC)
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: ${returnPath}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4XyZ1q2w3e.1772532673/mx.example.net"
Content-Transfer-Encoding: 8bit
Message-Id: <20260303101113.4XyZ1r5t6z@mx.example.net>

This is a MIME-encapsulated message.

--4XyZ1q2w3e.1772532673/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

--4XyZ1q2w3e.1772532673/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4XyZ1q2w3e
X-Postfix-Sender: rfc822; ${returnPath}
Arrival-Date: Tue,  3 Mar 2026 10:11:12 +0000 (UTC)

Final-Recipient: rfc822; ${person}
Original-Recipient: rfc822;${person}
Action: ${action}
Status: ${status}
Remote-MTA: dns; mail.example.net
Diagnostic-Code: ${diagnostic.replace(/: /g, ":\n    ")}

--4XyZ1q2w3e.1772532673/mx.example.net
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: 8bit

${returned(facts)}
--4XyZ1q2w3e.1772532673/mx.example.net--
`,
    "latin1",
  );
}

/** Exchange Online: a loud HTML part, the whole mail returned, the status in base64. */
export function exchangeBounce(about: About = {}): Buffer {
  const facts = told({
    status: "5.1.10",
    diagnostic:
      "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@example.com not found by SMTP address lookup",
    ...about,
  });
  const status = `Reporting-MTA: dns;AM0PR01MB1234.eurprd01.prod.exchangelabs.com\r\nReceived-From-MTA: dns;post.example.com\r\nArrival-Date: Tue, 3 Mar 2026 10:11:12 +0000\r\n\r\nFinal-Recipient: rfc822;${facts.person}\r\nAction: ${facts.action}\r\nStatus: ${facts.status}\r\nDiagnostic-Code: ${facts.diagnostic}\r\nX-Display-Name: ${facts.person}\r\n\r\n`;
  return crlf(`Received: from AM0PR01MB1234.eurprd01.prod.exchangelabs.com by mx.example.com with ESMTPS; Tue, 3 Mar 2026 10:11:14 +0000
MIME-Version: 1.0
From: "Microsoft Outlook"
 <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.net>
To: <${facts.returnPath}>
Date: Tue, 3 Mar 2026 10:11:13 +0000
Content-Type: multipart/report; report-type=delivery-status;
 boundary="_4f6b2a1e-0d3c-4a55-9f0e-2b7c6d8e9f01_"
Content-Language: en-US
Message-ID: <4f6b2a1e-0d3c-4a55-9f0e-2b7c6d8e9f01@example.net>
In-Reply-To: ${facts.messageId}
References: ${facts.messageId}
Subject: Undeliverable: What is new this spring
Auto-Submitted: auto-replied
X-MS-Exchange-Message-Is-Ndr:

--_4f6b2a1e-0d3c-4a55-9f0e-2b7c6d8e9f01_
Content-Type: multipart/alternative; differences=Content-Type;
 boundary="_inner_"

--_inner_
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64

${Buffer.from(`Your message to ${facts.person} couldn't be delivered.`).toString("base64")}

--_inner_
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

<html><body><b>Your message couldn=27t be delivered.</b></body></html>

--_inner_--

--_4f6b2a1e-0d3c-4a55-9f0e-2b7c6d8e9f01_
Content-Type: message/delivery-status
Content-Transfer-Encoding: base64

${(
  Buffer.from(status)
    .toString("base64")
    .match(/.{1,76}/g) ?? []
).join("\n")}

--_4f6b2a1e-0d3c-4a55-9f0e-2b7c6d8e9f01_
Content-Type: message/rfc822

${returned(facts)}
Hello there, see the news.

--_4f6b2a1e-0d3c-4a55-9f0e-2b7c6d8e9f01_--
`);
}

/** Gmail: repeats the code on each line of the answer, and the parts of the report are in an order of its own. */
export function gmailBounce(about: About = {}): Buffer {
  const facts = told({
    diagnostic:
      "smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try\n 550-5.1.1 double-checking the recipient's email address for typos or\n 550-5.1.1 unnecessary spaces. For more information, go to\n 550 5.1.1  https://support.google.com/mail/?p=NoSuchUser a1si1234567 - gsmtp",
    ...about,
  });
  return crlf(`Delivered-To: ${facts.returnPath}
Return-Path: <>
X-Failed-Recipients: ${facts.person}
Auto-Submitted: auto-replied
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: ${facts.returnPath}
Subject: Delivery Status Notification (Failure)
References: ${facts.messageId}
In-Reply-To: ${facts.messageId}
Message-ID: <69a6b0c1.050a0220.1a2b3c.0001.GMR@mx.google.com>
Date: Tue, 03 Mar 2026 02:11:13 -0800 (PST)
MIME-Version: 1.0
Content-Type: multipart/report; boundary="000000000000abcdef0123456789"; report-type=delivery-status

--000000000000abcdef0123456789
Content-Type: multipart/related; boundary="000000000000abcdef0123456790"

--000000000000abcdef0123456790
Content-Type: text/plain; charset="UTF-8"

** Address not found **

Your message wasn't delivered to ${facts.person} because the address couldn't be found.

--000000000000abcdef0123456790
Content-Type: image/png; name="icon.png"
Content-Disposition: attachment; filename="icon.png"
Content-Transfer-Encoding: base64
Content-ID: <icon.png>

iVBORw0KGgo=
--000000000000abcdef0123456790--

--000000000000abcdef0123456789
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: Tue, 03 Mar 2026 02:11:12 -0800 (PST)
X-Original-Message-ID: ${facts.messageId}

Final-Recipient: rfc822; ${facts.person}
Action: ${facts.action}
Status: ${facts.status}
Remote-MTA: dns; gmail-smtp-in.l.google.com. (192.0.2.26, the server for the domain example.com.)
Diagnostic-Code: ${facts.diagnostic}
Last-Attempt-Date: Tue, 03 Mar 2026 02:11:13 -0800 (PST)

--000000000000abcdef0123456789
Content-Type: message/rfc822

${returned(facts)}
Hello there.

--000000000000abcdef0123456789--
`);
}

/** Yahoo's feedback loop: recipient blacked out, the whole mail attached; where it goes is an address of the sender's choice. */
export function yahooComplaint(about: About & { type?: string } = {}): Buffer {
  const facts = told({ person: "redacted@yahoo.example", ...about });
  return crlf(`Delivered-To: fbl@example.com
Return-Path: <feedback@arf.mail.yahoo.example>
Date: Tue, 3 Mar 2026 12:00:00 +0000 (UTC)
From: Yahoo! Mail AntiSpam Feedback <feedback@arf.mail.yahoo.example>
To: fbl@example.com
Subject: FW: What is new this spring
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="----=_Part_1234_567890.1772539200000"
Message-ID: <1234567890.1234.1772539200000@arf.mail.yahoo.example>

------=_Part_1234_567890.1772539200000
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is an email abuse report for an email message from example.com on Tue, 3 Mar 2026 11:59:00 +0000

------=_Part_1234_567890.1772539200000
Content-Type: message/feedback-report
Content-Transfer-Encoding: 7bit

Feedback-Type: ${about.type ?? "abuse"}
User-Agent: Yahoo!-Mail-Feedback/2.0
Version: 0.1
Original-Mail-From:
 <${facts.returnPath}>
Original-Rcpt-To: redacted@yahoo.example
Received-Date: Tue, 3 Mar 2026 11:59:00 +0000
Reported-Domain: example.com
Authentication-Results: mta1.mail.yahoo.example; dkim=pass header.d=example.com

------=_Part_1234_567890.1772539200000
Content-Type: message/rfc822
Content-Disposition: inline

${returned(facts)}
Hello there, see the news.

------=_Part_1234_567890.1772539200000--
`);
}

/** Amazon SES passes complaints on with nothing but the header of the mail, to where bounces go. */
export function amazonComplaint(about: About & { type?: string } = {}): Buffer {
  const facts = told(about);
  return crlf(`Received: from a9-99.smtp-out.amazonses.example by mx.example.com; Tue, 3 Mar 2026 12:00:01 +0000
From: complaints@us-west-2.email-abuse.amazonses.example
To: ${facts.returnPath}
Subject: Complaint about message from 192.0.2.9
Message-ID: <0101019cb1d2e3f4-5a6b7c8d-9e0f-4a1b-8c2d-3e4f5a6b7c8d-000000@us-west-2.amazonses.example>
Date: Tue, 3 Mar 2026 12:00:00 +0000
Content-Type: Multipart/Report; Report-Type=feedback-report;
	boundary="amazon boundary"
MIME-Version: 1.0

--amazon boundary
Content-Type: text/plain; charset=utf-8

This is an email abuse report.
--amazon boundary
Content-Type: message/feedback-report
Content-Transfer-Encoding: quoted-printable

FEEDBACK-TYPE: ${about.type ?? "abuse"}
USER-AGENT: Amazon SES Mailbox Simulator
VERSION: 0.1
ORIGINAL-MAIL-FROM: ${facts.returnPath.replace("=", "=3D")}
SOURCE-IP: 192.0.2.9

--amazon boundary
Content-Type: text/rfc822-headers

${returned(facts)}
--amazon boundary--
`);
}

/** A vacation note, as people's mailboxes answer (RFC 3834). */
export function vacationReply(about: About = {}): Buffer {
  const facts = told(about);
  return crlf(`From: Ann <${facts.person}>
To: ${facts.returnPath}
Subject: Re: What is new this spring
In-Reply-To: ${facts.messageId}
Auto-Submitted: auto-replied (vacation)
Date: Tue, 3 Mar 2026 10:12:00 +0000
MIME-Version: 1.0
Content-Type: text/plain

I am away until Monday. Status: 5.1.1 is how I feel.
`);
}

/** A person answers. */
export function personalReply(about: About = {}): Buffer {
  const facts = told(about);
  return crlf(`From: Ann <${facts.person}>
To: ${facts.returnPath}
Subject: Re: What is new this spring
Date: Tue, 3 Mar 2026 10:12:00 +0000

Thank you! Please do not call this spam: Feedback-Type: abuse.
`);
}
