import { Resolver } from "node:dns";
import { z } from "zod";
import { parsePrivateHosts } from "./private-hosts.ts";

/*
 * Every setting of the installation. Parsed on first use, because a build has no secrets; web and worker call
 * config() at start, so a wrong value stops them at once. .env.example and the table in docs/operations.md are
 * written from these descriptions (scripts/config-docs.ts).
 */

const flag = z.enum(["", "0", "1", "true", "false"]).transform((v) => v === "1" || v === "true");

const wholeNumber = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

function isPrivateHosts(setting: string): boolean {
  try {
    parsePrivateHosts(setting);
    return true;
  } catch {
    return false;
  }
}

/** An optional setting: an empty value in .env means "not set". */
const optional = <T extends z.ZodType>(schema: T) => z.preprocess((v) => (v === "" ? undefined : v), schema.optional());

function areDnsServers(text: string): boolean {
  try {
    new Resolver().setServers(
      text
        .split(",")
        .map((server) => server.trim())
        .filter(Boolean),
    );
    return true;
  } catch {
    return false;
  }
}

export const settings = {
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must start with postgres:// or postgresql://")
    .describe("PostgreSQL 15 or newer. npm start brings its own when this is empty. May be a pooler."),
  DATABASE_DIRECT_URL: optional(z.string().regex(/^postgres(ql)?:\/\//)).describe(
    "Direct connection for migrations, LISTEN and advisory locks, when DATABASE_URL is a pooler.",
  ),
  DATABASE_REPLICA_URL: optional(z.string().regex(/^postgres(ql)?:\/\//)).describe(
    "A read replica that reports are read from; the primary answers while it is away or far behind.",
  ),
  DATABASE_POOL_SIZE: wholeNumber(2, 500).default(10).describe("Connections per process."),
  POSTHORN_SECRET: z
    .string()
    .min(32, "must be at least 32 characters")
    .describe(
      "Signs sessions and links and seals stored passwords. npm start makes one and keeps it in the data folder.",
    ),
  POSTHORN_RETIRED_SECRETS: z
    .string()
    .default("")
    .describe(
      "Comma-separated earlier secrets, newest first: they still verify links and open sealed values, and never sign.",
    ),
  PUBLIC_URL: z
    .string()
    .regex(/^https?:\/\/[^/?#]+$/, "must be like https://news.example.com, without a path")
    .default("http://localhost:3000")
    .describe("The address people and mail clients reach this installation by."),
  HOST: z
    .string()
    .default("127.0.0.1")
    .describe("Address the web process listens on; 0.0.0.0 opens it to other machines."),
  PORT: wholeNumber(1, 65535).default(3000).describe("Port of the web process."),
  POSTHORN_DATA_DIR: z
    .string()
    .default("./data")
    .describe("Folder for uploads and, without DATABASE_URL, the database."),
  POSTHORN_INSTANCE_ID: optional(
    z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "must be 1 to 64 letters, digits, dots, dashes or underscores"),
  ).describe(
    "Which installation this host belongs to, when several hosts share a database; npm run instance tells it. Else it is kept in the data folder.",
  ),
  TRUSTED_PROXIES: z
    .string()
    .default("")
    .describe("Comma-separated addresses or CIDR ranges whose X-Forwarded-For is believed."),
  SENDER_PRIVATE_HOSTS: z
    .string()
    .default("any")
    .refine(isPrivateHosts, "must be any, none, or comma-separated host names, addresses and CIDR ranges")
    .describe(
      "Mail servers on this machine and in private networks that senders may use: any, none, or a comma-separated list of host names, addresses and CIDR ranges. Choose none or a list where people you do not trust with your network are admins of a workspace.",
    ),
  DNS_SERVERS: z
    .string()
    .default("")
    .refine(areDnsServers, "must be IP addresses, with :port if need be")
    .describe(
      "Comma-separated addresses (with :port if need be) of the DNS servers that the records of sending domains are looked up at, instead of the system's: for networks whose own DNS answers other than the world's.",
    ),
  INBOX_SMTP_HOST: z.string().default("127.0.0.1").describe("Where the built-in inbox listens and is reached."),
  INBOX_SMTP_PORT: wholeNumber(1, 65535).default(2525).describe("Port of the built-in inbox."),
  INBOX_KEEP_MAILS: wholeNumber(10, 1_000_000).default(2000).describe("Mails the built-in inbox keeps per workspace."),
  IMPORT_MAX_BYTES: wholeNumber(1024, 100_000_000_000)
    .default(1_073_741_824)
    .describe("Largest file an import takes, in bytes."),
  MEDIA_MAX_BYTES: wholeNumber(1024, 1_000_000_000)
    .default(26_214_400)
    .describe("Largest picture the media library takes, in bytes."),
  MEDIA_MAX_MEGAPIXELS: wholeNumber(1, 1000)
    .default(64)
    .describe(
      "Most pixels of a picture, in millions, all frames of an animation together. Each takes four bytes of memory while it is encoded anew.",
    ),
  MEDIA_PRIVATE_HOSTS: z
    .string()
    .default("none")
    .refine(isPrivateHosts, "must be any, none, or comma-separated host names, addresses and CIDR ranges")
    .describe(
      "Hosts on this machine and in private networks that pictures may be fetched from by their address: none, any, or a comma-separated list of host names, addresses and CIDR ranges.",
    ),
  S3_BUCKET: optional(z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be the name of a bucket")).describe(
    "Keeps uploads and pictures in this bucket of a service that speaks S3, instead of in the data folder.",
  ),
  S3_ENDPOINT: optional(z.string().regex(/^https?:\/\/[^?#]+$/, "must be like https://s3.example.com")).describe(
    "Address of the service; empty for Amazon's own.",
  ),
  S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]+$/, "must be like eu-central-1")
    .default("us-east-1")
    .describe("Region of the bucket; many services other than Amazon's want auto or us-east-1."),
  S3_ACCESS_KEY_ID: optional(z.string()).describe("Login for the bucket: may read, write and delete objects in it."),
  S3_SECRET_ACCESS_KEY: optional(z.string()).describe("The secret of that login."),
  S3_PREFIX: z
    .string()
    .regex(/^([A-Za-z0-9._-]+\/)*$/, "must end in a slash")
    .default("")
    .describe("What the names of objects begin with, when a bucket is shared: posthorn/."),
  EVENTS_KEEP_MONTHS: wholeNumber(0, 1200)
    .default(13)
    .describe("Months that single opens and clicks are kept after they came in; 0 = for ever. Counts of people stay."),
  MESSAGES_KEEP_MONTHS: wholeNumber(0, 1200)
    .default(0)
    .describe(
      "Months that recipients and server answers are kept after the launch; 0 = for ever. Links in older mails stop working, except unsubscribe links.",
    ),
  POSTHORN_WORKERS: wholeNumber(1, 32)
    .default(1)
    .describe("Worker processes that npm start runs. One keeps about two cores busy, with the database."),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .describe("Lowest level that is logged."),
  DELIVERY_LEASE_SECONDS: wholeNumber(1, 600)
    .default(30)
    .describe("How long a worker owns a chunk of messages without a heartbeat."),
  DELIVERY_REPLY_TIMEOUT_SECONDS: wholeNumber(1, 3600)
    .default(600)
    .describe("How long to wait for the answer after a mail's final dot (RFC 5321: ten minutes)."),
  DELIVERY_CONNECT_TIMEOUT_SECONDS: wholeNumber(1, 600)
    .default(60)
    .describe("How long to wait for a connection and each command's answer."),
  DELIVERY_RETRY_SECONDS: optional(z.string().regex(/^\d+(\.\d+)?(,\d+(\.\d+)?)*$/)).describe(
    "Replaces the retry schedule of campaigns: comma-separated seconds. For tests.",
  ),
  DELIVERY_MAX_MISSED_START_SECONDS: wholeNumber(60, 604_800)
    .default(7200)
    .describe("A scheduled start missed by more than this waits for a click."),
  CAMPAIGN_UNDO_SECONDS: wholeNumber(0, 60).default(10).describe("How long 'send now' can be undone."),
  POSTHORN_DEMO: flag
    .default(false)
    .describe("Load the sample workspace at start and send one campaign to the built-in inbox."),
  POSTHORN_UI_GALLERY: flag.default(false).describe("Show the gallery of interface parts at /ui, for developers."),
} as const;

const schema = z.object(settings).superRefine((set, { addIssue }) => {
  if (!set.S3_BUCKET) return;
  for (const name of ["S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"] as const)
    if (!set[name]) addIssue({ code: "custom", path: [name], message: "is needed with S3_BUCKET" });
});

export type Config = z.infer<typeof schema>;

let parsed: Config | undefined;

/** The settings of this process. Throws one readable error that names every wrong setting, never its value. */
export function config(): Config {
  parsed ??= parseConfig(process.env);
  return parsed;
}

/** The log level alone: the log must work while other settings are still missing or wrong. */
export function logLevel(): string {
  return settings.LOG_LEVEL.safeParse(process.env.LOG_LEVEL || undefined).data ?? "info";
}

/** Parses settings from `env`. Exported for tests and for tools that bring their own environment. */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const result = schema.safeParse(env);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`Settings are missing or wrong:\n${lines.join("\n")}`);
}
