import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import fc from "fast-check";
import { dkimVerify } from "mailauth/lib/dkim/verify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestDns, type TestDns } from "#tests/support/dns-server.ts";
import { createDkimSigner, type DkimKey, replacedByServer } from "./dkim.ts";
import { addressHeader, textHeader } from "./headers.ts";

/*
 * Every signature is judged by an implementation that is not ours (mailauth), which looks the public keys up in a real
 * DNS server.
 */

let dns: TestDns;
let rsa: DkimKey;
let ed25519: DkimKey;

beforeAll(async () => {
  dns = await startTestDns();
  const rsaKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const edKey = generateKeyPairSync("ed25519").privateKey;
  rsa = { domain: "news.example.com", selector: "ph1", privateKey: rsaKey };
  ed25519 = { domain: "news.example.com", selector: "ph1-ed", privateKey: edKey };
  publish(rsa, `v=DKIM1; k=rsa; p=${spki(rsaKey).toString("base64")}`);
  publish(ed25519, `v=DKIM1; k=ed25519; p=${spki(edKey).subarray(-32).toString("base64")}`);
});
afterAll(() => dns.stop());

function publish({ selector, domain }: DkimKey, record: string): void {
  dns.zone.set(`${selector}._domainkey.${domain}`, { TXT: [record] });
}

function spki(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: "spki", format: "der" });
}

/** What the verifier says of each signature, and what it covers. */
async function verify(message: string): Promise<{ results: string[]; covered: string[] }> {
  const { results } = await dkimVerify(Buffer.from(message), {
    resolver: (name: string) => dns.resolver.resolveTxt(name),
  });
  return {
    results: results.map((r: { status: { result: string } }) => r.status.result),
    covered: (results[0]?.signingHeaders?.keys ?? "").toLowerCase().split(/\s*:\s*/),
  };
}

const mailHead =
  `From: ${addressHeader("Jürgen Müller, Acme & Söhne — die Rösterei aus der Nachbarschaft", "news@news.example.com")}\r\n` +
  "Reply-To: hello@example.com\r\n" +
  "List-Id: Acme <0190a0b0.news.example.com>\r\nFeedback-ID: a:b:campaign:posthorn\r\n" +
  "To: reader@example.org\r\n" +
  `Subject: ${textHeader("Was ist neu in diesem Frühling? Alles über Kaffee, und noch viel mehr davon als sonst", 9)}\r\n` +
  "Date: Wed, 25 Nov 2026 03:30:00 +0000\r\nMessage-ID: <0190a0b0@news.example.com>\r\n" +
  "List-Unsubscribe: <https://news.example.com/u/abc>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" +
  'Precedence: bulk\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n\tboundary="b1"\r\n\r\n';
const mailBody = "--b1\r\n\r\nHello   you \r\n\tand\ttab=20\r\n--b1--\r\n";

async function signedMail(keys: DkimKey[], head = mailHead, body = mailBody): Promise<string> {
  return (await createDkimSigner(keys).sign(head, body)) + head + body;
}

test("an independent verifier accepts a signature by RSA, by Ed25519, and by both at once", async () => {
  expect((await verify(await signedMail([rsa]))).results).toEqual(["pass"]);
  expect((await verify(await signedMail([ed25519]))).results).toEqual(["pass"]);
  expect((await verify(await signedMail([rsa, ed25519]))).results).toEqual(["pass", "pass"]);
  expect(await signedMail([])).toBe(mailHead + mailBody);
});

test("both unsubscribe fields, and whatever else a reader goes by, are covered; From is sealed against a second one", async () => {
  const { covered } = await verify(await signedMail([rsa]));
  expect(covered).toEqual([
    ...["from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type"],
    ...["list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id"],
  ]);
  for (const added of ["From: evil@example.net", "To: you@example.net", "Subject: Win!", "Content-Type: text/plain"]) {
    expect((await verify(`${added}\r\n${await signedMail([rsa])}`)).results, added).toEqual(["fail"]);
  }
  const withoutReplyTo = mailHead.replace("Reply-To: hello@example.com\r\n", "");
  const mail = await signedMail([rsa], withoutReplyTo);
  expect((await verify(mail)).results).toEqual(["pass"]);
  expect((await verify(`Reply-To: evil@example.net\r\n${mail}`)).results).toEqual(["fail"]);
});

test("every line of the signature holds", async () => {
  const long = { ...rsa, domain: `${"a".repeat(30)}.news.example.com` };
  for (const line of (await createDkimSigner([rsa, ed25519, long]).sign(mailHead, mailBody)).split("\r\n"))
    expect(line.length).toBeLessThanOrEqual(78);
});

test("a changed byte of any covered field, or of the body, breaks it", async () => {
  const mail = await signedMail([rsa, ed25519]);
  const start = mail.indexOf(mailHead);
  const covered = mailHead.replace("Precedence: bulk\r\n", "");
  for (const field of covered.trimEnd().split(/\r\n(?![ \t])/)) {
    const last = field.slice(0, -1) + (field.endsWith("x") ? "y" : "x");
    const broken = mail.slice(0, start) + mail.slice(start).replace(field, last);
    expect(broken).not.toBe(mail);
    expect((await verify(broken)).results, field).toEqual(["fail", "fail"]);
    const gone = mail.slice(0, start) + mail.slice(start).replace(`${field}\r\n`, "");
    expect((await verify(gone)).results.includes("pass"), `without ${field}`).toBe(false);
  }
  for (let at = mail.length - mailBody.length; at < mail.length; at++) {
    if (/[\s-]/.test(mail.charAt(at))) continue;
    const broken = `${mail.slice(0, at)}${mail[at] === "z" ? "y" : "z"}${mail.slice(at + 1)}`;
    expect((await verify(broken)).results.includes("pass"), `octet ${at}`).toBe(false);
  }
  // What is not covered may change on the way.
  expect((await verify(mail.replace("Precedence: bulk", "Precedence: list"))).results).toEqual(["pass", "pass"]);
});

test("what a relay may do to white space in the header, or behind the body, does no harm", async () => {
  const mail = await signedMail([rsa]);
  const relayed = mail
    .replace("To: reader@example.org\r\n", "To:   reader@example.org \t\r\n")
    .replace("boundary=", "  boundary=");
  expect(relayed).not.toBe(mail);
  expect((await verify(`${relayed}\r\n\r\n`)).results).toEqual(["pass"]);
});

describe("unusual shapes", () => {
  test.each([
    ["an empty body", ""],
    ["empty lines only", "\r\n\r\n\r\n"],
    ["no line end at the end", "Hello"],
    ["empty lines at the end", "Hello\r\n\r\n\r\n\r\n"],
    ["white space at line ends", "Hello \t \r\n \r\n\t\r\nyou  \r\n"],
    ["white space at the end of everything", "Hello\r\n  "],
    ["a line of white space and nothing else", "  \t\r\n"],
    ["a body of 300 KB", "0123456789 abc  def\r\n".repeat(15_000)],
    ["a shorter one after it", "Hello "],
    ["letters that are not ASCII", "Grüße – 👋  \r\n"],
  ])("%s", async (_name, body) => {
    expect((await verify(await signedMail([rsa, ed25519], mailHead, body))).results).toEqual(["pass", "pass"]);
  });

  test.each([
    ["white space at the end of a field", "From: a@news.example.com  \t\r\nSubject:  Hello \r\n\r\n"],
    ["an empty field", "From: a@news.example.com\r\nSubject:\r\n\r\n"],
    ["a field that starts on its second line", "From:\r\n a@news.example.com\r\nSubject: x\r\n\r\n"],
    ["names in other letters", "FROM: a@news.example.com\r\nsubject: x\r\n\r\n"],
    ["a field twice", "From: a@news.example.com\r\nList-Id: <a>\r\nList-Id: <b>\r\n\r\n"],
  ])("%s", async (_name, head) => {
    expect((await verify(await signedMail([rsa], head))).results).toEqual(["pass"]);
  });
});

test("any subject, names and body are signed so that the verifier agrees", async () => {
  const words = fc
    .string({ unit: "grapheme", maxLength: 200 })
    .map((text) => text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, " "));
  const line = fc.string({ unit: fc.constantFrom(..." \tabc=.-é".split("")), maxLength: 90 });
  const body = fc
    .tuple(fc.array(line, { maxLength: 20 }), fc.constantFrom("", "\r\n", "\r\n\r\n", " "))
    .map(([lines, end]) => lines.join("\r\n") + end);
  await fc.assert(
    fc.asyncProperty(words, words, body, async (name, subject, text) => {
      const head =
        `From: ${addressHeader(name, "news@news.example.com")}\r\nTo: reader@example.org\r\n` +
        `Subject: ${textHeader(subject, 9)}\r\nList-Unsubscribe: <https://x.example/u/1>\r\n\r\n`;
      expect((await verify(await signedMail([ed25519], head, text))).results).toEqual(["pass"]);
    }),
    { numRuns: 150 },
  );
});

test("fields that the provider's server replaces are left out of the signature", async () => {
  const replaced = replacedByServer("email-smtp.eu-west-1.amazonaws.com");
  expect(replaced).toEqual(["date", "message-id"]);
  expect(replacedByServer("smtp.example.com")).toEqual([]);
  expect(replacedByServer("amazonaws.com.example.com")).toEqual([]);
  const signature = await createDkimSigner([rsa]).sign(mailHead, mailBody, replaced);
  const relayed = mailHead
    .replace("<0190a0b0@news.example.com>", "<ses@eu-west-1.amazonses.com>")
    .replace("03:30:00", "03:31:00");
  expect((await verify(signature + relayed + mailBody)).results).toEqual(["pass"]);
  expect((await verify((await signedMail([rsa])).replace(mailHead, relayed))).results).toEqual(["fail"]);
});

test("a key that cannot sign is refused before any mail is made", () => {
  const publicKey = createPublicKey(rsa.privateKey);
  expect(() => createDkimSigner([{ ...rsa, privateKey: publicKey }])).toThrow("only a private RSA or Ed25519 key");
  const ec = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey;
  expect(() => createDkimSigner([{ ...rsa, privateKey: ec }])).toThrow("only a private RSA or Ed25519 key");
});

test("mails signed at the same time do not get into each other's way", async () => {
  const signer = createDkimSigner([rsa, ed25519]);
  const bodies = Array.from({ length: 40 }, (_, index) => `${"x ".repeat(index * 100)}\r\nbody ${index}\r\n`);
  const signatures = await Promise.all(bodies.map((body) => signer.sign(mailHead, body)));
  for (const [index, body] of bodies.entries())
    expect((await verify(signatures[index] + mailHead + body)).results).toEqual(["pass", "pass"]);
});
