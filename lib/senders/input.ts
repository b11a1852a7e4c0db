import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { z } from "zod";
import type { AuthMethod, OauthSettings, WarmupPlan } from "#drizzle/schema/senders.ts";
import { isLoopback } from "../private-hosts.ts";
import { authorityProblem, tidyAuthorities } from "./authorities.ts";

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
    (value) => (typeof value === "string" && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value),
    z.number("not_a_number").refine((n) => Number.isInteger(n) && n >= least && n <= most, {
      error: "out_of_range",
      params: { least, most },
    }),
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

/** A field that older forms and other callers may leave out. */
const optionalLine = (most: number) => line(most).optional().default("");

/** A client secret or refresh token: one word of printable ASCII (RFC 6749, appendix A). */
const secret = z
  .string()
  .trim()
  .max(4000, "too_long")
  .refine((text) => /^[\x20-\x7e]*$/.test(text), "control_characters")
  .optional()
  .default("");

/** Where and how to log in: what a connection test needs. */
const connectionFields = {
  host: line(253).refine(isHost, "host"),
  port: wholeNumber(1, 65_535),
  tlsMode: z.enum(["none", "starttls", "implicit"], "required"),
  verifyCertificate: tick,
  authorities: z
    .string()
    .max(100_000, "too_long")
    .optional()
    .default("")
    .superRefine((pem, context) => {
      const problem = authorityProblem(pem);
      if (problem) context.addIssue({ code: "custom", message: problem });
    })
    .transform(tidyAuthorities),
  username: line(320),
  /** Empty means: keep the stored one. */
  password: z
    .string()
    .max(1000, "too_long")
    .refine((text) => !controls.test(text), "control_characters"),
  authMethod: z.enum(["auto", "plain", "login", "cram-md5", "xoauth2"], "required").optional().default("auto"),
  oauthTokenUrl: optionalLine(500),
  oauthClientId: optionalLine(500),
  oauthScope: optionalLine(1000),
  /** Both empty means: keep the stored ones. */
  oauthClientSecret: secret,
  oauthRefreshToken: secret,
};

type Connection = {
  authMethod: AuthMethod;
  username: string;
  oauthTokenUrl: string;
  oauthClientId: string;
  oauthScope: string;
};

/** What XOAUTH2 cannot do without. */
function checkLogin(given: Connection, context: z.RefinementCtx): void {
  if (given.authMethod !== "xoauth2") return;
  const complain = (field: keyof Connection, message: string) =>
    context.addIssue({ code: "custom", path: [field], message });
  if (given.username === "") complain("username", "required");
  if (given.oauthClientId === "") complain("oauthClientId", "required");
  if (!isTokenUrl(given.oauthTokenUrl)) complain("oauthTokenUrl", "token_url");
}

/** Puts the fields of XOAUTH2 together; null for every other method, so that nothing stale is stored. */
function withOauth<T extends Connection>({ oauthTokenUrl, oauthClientId, oauthScope, ...rest }: T) {
  const settings: OauthSettings = { tokenUrl: oauthTokenUrl, clientId: oauthClientId, scope: oauthScope };
  return { ...rest, oauth: rest.authMethod === "xoauth2" ? settings : null };
}

/** The numbers of a warm-up plan. */
const warmupNumbers = {
  warmupFirstDay: wholeNumber(1, 1_000_000),
  warmupGrowthPercent: wholeNumber(0, 200),
  warmupDays: wholeNumber(1, 120),
};
type WarmupNumber = keyof typeof warmupNumbers;
const warmupNames = Object.keys(warmupNumbers) as WarmupNumber[];

const warmupFields = {
  /** Whether there is a plan; the fields below count only then. */
  warmup: tick,
  warmupStartsOn: z.string().optional().default(""),
  warmupFirstDay: z.unknown().optional(),
  warmupGrowthPercent: z.unknown().optional(),
  warmupDays: z.unknown().optional(),
};

type Warmup = { warmup: boolean; warmupStartsOn: string } & { [N in WarmupNumber]?: unknown };

function checkWarmup(given: Warmup, context: z.RefinementCtx): void {
  if (!given.warmup) return;
  if (!isDay(given.warmupStartsOn)) context.addIssue({ code: "custom", path: ["warmupStartsOn"], message: "day" });
  for (const name of warmupNames) {
    for (const issue of warmupNumbers[name].safeParse(given[name]).error?.issues ?? [])
      context.addIssue({ ...issue, path: [name] });
  }
}

function withWarmup<T extends Warmup>(given: T) {
  const { warmup, warmupStartsOn, warmupFirstDay, warmupGrowthPercent, warmupDays, ...rest } = given;
  if (!warmup) return { ...rest, warmup: null };
  const plan: WarmupPlan = {
    startsOn: warmupStartsOn,
    firstDay: warmupNumbers.warmupFirstDay.parse(warmupFirstDay),
    growthPercent: warmupNumbers.warmupGrowthPercent.parse(warmupGrowthPercent),
    days: warmupNumbers.warmupDays.parse(warmupDays),
  };
  return { ...rest, warmup: plan };
}

/** What spans several fields is looked at even while one of them is wrong, so that a person sees all at the first try. */
const alongWithTheRest = { when: () => true };

export const senderInput = z
  .strictObject({
    name: line(100).refine((name) => name !== "", "required"),
    ...connectionFields,
    connections: wholeNumber(1, 50),
    messagesPerConnection: wholeNumber(1, 10_000),
    ratePerSecond: limit(10_000),
    ratePerMinute: limit(600_000),
    ratePerHour: limit(10_000_000),
    ratePerDay: limit(100_000_000),
    weight: z.preprocess((value) => (value === "" || value === undefined ? 0 : value), wholeNumber(0, 100)),
    ...warmupFields,
    defaultFromName: line(100),
    defaultFromEmail: fromEmail,
    makeDefault: tick,
  })
  .superRefine(checkLogin, alongWithTheRest)
  .superRefine(checkWarmup, alongWithTheRest)
  .transform((given) => withWarmup(withOauth(given)));

export type SenderInput = z.output<typeof senderInput>;

/**
 * What a connection test takes out of the whole form. `senderId` names the sender whose stored secrets are used when
 * their fields are left empty; null for a new one.
 */
export const connectionTestInput = z
  .object({
    senderId: z.uuid().nullable(),
    ...connectionFields,
    defaultFromEmail: fromEmail,
  })
  .superRefine(checkLogin, alongWithTheRest)
  .transform(withOauth);

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
    /^[^\s,;:<>()[\]\\"]+$/u.test(local) &&
    // In octets (RFC 5321, 4.5.3.1.1): a letter outside of ASCII takes two or more.
    Buffer.byteLength(local) <= 64 &&
    isHost(domain) &&
    domain.includes(".") &&
    !isIP(domain)
  );
}

/** https without login and fragment; http to this machine itself. */
function isTokenUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || url.hash !== "") return false;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return url.protocol === "https:" || (url.protocol === "http:" && (host === "localhost" || isLoopback(host)));
}

/** YYYY-MM-DD, and a day that there is. */
function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return /^2\d{3}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
