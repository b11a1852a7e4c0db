import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { z } from "zod";

const controls = /\p{Cc}|[\u2028\u2029]/u;

/** One line of text: no line break or other control character can reach a header or an SMTP command. */
const line = (most: number) =>
  z
    .string()
    .trim()
    .max(most, "too_long")
    .refine((text) => !controls.test(text), "control_characters");

/** From a form (text) or from code (number). */
const wholeNumber = (least: number, most: number) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : value),
    z.number("not_a_number").refine((n) => Number.isInteger(n) && n >= least && n <= most, "out_of_range"),
  );

/** An empty field means no limit. */
const limit = (most: number) =>
  z.preprocess((value) => (value === "" || value === undefined ? null : value), wholeNumber(1, most).nullable());

/** A checkbox: sent as "on" when ticked, not at all when not. */
const tick = z
  .union([z.boolean(), z.enum(["on", "true", "false", ""])])
  .optional()
  .transform((value) => value === true || value === "on" || value === "true");

const fromEmail = line(254).refine((text) => text === "" || isAddress(text), "email");

/** Where and how to log in: what a connection test needs. */
const connectionFields = {
  host: line(253).refine(isHost, "host"),
  port: wholeNumber(1, 65_535),
  tlsMode: z.enum(["none", "starttls", "implicit"], "required"),
  verifyCertificate: tick,
  username: line(320),
  /** Empty means: keep the stored one. */
  password: z
    .string()
    .max(1000, "too_long")
    .refine((text) => !controls.test(text), "control_characters"),
};

export const senderInput = z.strictObject({
  name: line(100).refine((name) => name !== "", "required"),
  ...connectionFields,
  connections: wholeNumber(1, 50),
  messagesPerConnection: wholeNumber(1, 10_000),
  ratePerSecond: limit(10_000),
  ratePerHour: limit(10_000_000),
  defaultFromName: line(100),
  defaultFromEmail: fromEmail,
  makeDefault: tick,
});

export type SenderInput = z.output<typeof senderInput>;

/**
 * What a connection test takes out of the whole form. `senderId` names the sender whose stored password is used when
 * the field is left empty; null for a new one.
 */
export const connectionTestInput = z.object({
  senderId: z.uuid().nullable(),
  ...connectionFields,
  defaultFromEmail: fromEmail,
});

export type ConnectionTestInput = z.output<typeof connectionTestInput>;

export const senderIdInput = z.strictObject({ senderId: z.uuid() });

export const trialMailInput = z.strictObject({ senderId: z.uuid(), to: line(254).refine(isAddress, "email") });

export type TrialMailInput = z.output<typeof trialMailInput>;

/** A host name (letters, digits, hyphens, IDN) or an IP address; no scheme, port or path. */
function isHost(text: string): boolean {
  if (isIP(text)) return true;
  const ascii = domainToASCII(text);
  return /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*\.?$/.test(
    ascii,
  );
}

/** One plain address: a comma or angle bracket would redirect the envelope. */
function isAddress(text: string): boolean {
  const [local = "", domain = "", ...more] = text.split("@");
  return (
    more.length === 0 &&
    /^[^\s,;:<>()[\]\\"]{1,64}$/u.test(local) &&
    isHost(domain) &&
    domain.includes(".") &&
    !isIP(domain)
  );
}
