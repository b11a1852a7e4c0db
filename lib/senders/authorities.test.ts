import { expect, test } from "vitest";
import { certificateAuthority, selfSignedCertificate } from "#tests/support/self-signed-certificate.ts";
import { authorityProblem, tidyAuthorities } from "./authorities.ts";

const day = 86_400_000;
const from = (days: number) => new Date(Date.now() + days * day);
const authority = certificateAuthority("Acme internal CA");
const server = selfSignedCertificate();

test("authorities and servers that vouch for themselves are taken, several at once, with words between them", () => {
  expect(authorityProblem("")).toBeNull();
  expect(authorityProblem("  \n ")).toBeNull();
  expect(authorityProblem(authority.cert)).toBeNull();
  expect(authorityProblem(server.cert)).toBeNull();
  const both = `# our own\r\n${authority.cert.replace(/\n/g, "\r\n")}\nand the relay\n${server.cert}`;
  expect(authorityProblem(both)).toBeNull();
  expect(tidyAuthorities(both)).toBe(authority.cert + server.cert);
});

test.each([
  ["authorities_none", "hello"],
  ["authorities_none", Buffer.from("der, not pem").toString("base64")],
  ["authorities_private_key", `${authority.cert}${authority.key}`],
  ["authorities_private_key", "-----BEGIN ENCRYPTED PRIVATE KEY-----"],
  ["authorities_unreadable", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"],
  ["authorities_unreadable", authority.cert.replace(/^MII.{20}/m, "MIIB")],
  ["authorities_unreadable", `${authority.cert}${server.cert.slice(0, 200)}`],
  ["authorities_expired", selfSignedCertificate({ validFrom: from(-30), validTo: from(-1) }).cert],
  ["authorities_not_yet", certificateAuthority("Next year", { validFrom: from(30), validTo: from(60) }).cert],
  ["authorities_not_ca", authority.issue("mail.example.com").cert],
  ["authorities_not_ca", `${authority.cert}${authority.issue("mail.example.com").cert}`],
])("%s", (problem, pem) => {
  expect(authorityProblem(pem)).toBe(problem);
});
