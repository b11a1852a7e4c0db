import { Temporal } from "temporal-polyfill";
import type { EventKind, Verdict } from "#drizzle/schema/tracking.ts";
import { judge } from "../tracking/verdict.ts";
import type { SampleStory } from "./campaigns.ts";
import type { SampleMessage } from "./delivery-story.ts";
import { hashOf, type Random, randomOf } from "./random.ts";

/** An event row, in the column names of its table. */
export interface SampleEvent {
  received_at: string;
  kind: EventKind;
  message_id: string;
  subscriber_id: string;
  link_position: number | null;
  verdict: Verdict;
  verdict_reason: string;
  user_agent: string;
  ip_address: string;
}

export interface ReaderSetting {
  /** Tells one campaign's readers from another's. */
  key: string;
  story: SampleStory;
  linkWeights: readonly number[];
  linkCount: number;
  timeZone: string;
  /** Nothing happens after this. */
  now: Date;
}

type Accepted = SampleMessage & { sentAt: Date };

const minuteMs = 60_000;

/**
 * What readers and machines did with the accepted messages: opens and clicks over days, by mail programs that behave
 * as the real ones do, each hit with the verdict that our own rules give it. `leavers` opted out through the mail.
 */
export function tellReaders(
  accepted: readonly Accepted[],
  setting: ReaderSetting,
): { events: SampleEvent[]; leavers: Array<SampleMessage & { at: Date }> } {
  const events = accepted.flatMap((message) => hitsOf(message, setting));
  const leavers = leaversOf(accepted, setting);
  return { events: events.filter((event) => new Date(event.received_at) <= setting.now), leavers };
}

function hitsOf(message: Accepted, setting: ReaderSetting): SampleEvent[] {
  // The mail program stays the same from campaign to campaign, the mood does not.
  const program = programOf(message.email);
  const random = randomOf(setting.key + message.email);
  const ip = `203.0.113.${hashOf(message.email) % 250}`;
  const hit = (
    kind: "open" | "click",
    at: Date,
    agent: string,
    link: number | null = null,
    method: "GET" | "HEAD" = "GET",
  ) => eventOf(message, { kind, at, agent, link, method, ip });
  const after = (ms: number) => new Date(message.sentAt.getTime() + ms);

  const hits: SampleEvent[] = [];
  if (program.scansLinks) {
    const begin = 1000 + random.next() * 4000;
    hits.push(hit("open", after(begin), agents.scanner));
    for (let link = 0; link < setting.linkCount; link++) {
      hits.push(
        hit("click", after(begin + 300 * (link + 1)), agents.scanner, link, random.chance(0.5) ? "HEAD" : "GET"),
      );
    }
  }
  if (program.fetchesAhead) hits.push(hit("open", after(minuteMs * (1 + 40 * random.next())), agents.applePrivacy));

  if (!random.chance(setting.story.openShare)) return hits;
  const firstOpen = waking(after(readingDelayMs(random)), setting.timeZone, random);
  const opens = 1 + (random.chance(0.34) ? 1 : 0) + (random.chance(0.12) ? 1 + random.below(3) : 0);
  if (!program.fetchesAhead) {
    for (let i = 0, at = firstOpen; i < opens; i++) {
      hits.push(hit("open", at, program.mailAgent));
      at = waking(new Date(at.getTime() + (10 + 1400 * random.next() ** 2) * minuteMs), setting.timeZone, random);
    }
  }
  if (!random.chance(setting.story.clickShare)) return hits;
  const clicks = 1 + (random.chance(0.3) ? 1 : 0) + (random.chance(0.1) ? 1 : 0);
  for (let i = 0; i < clicks; i++) {
    const at = new Date(firstOpen.getTime() + (0.3 + 1.7 * i + random.next()) * minuteMs);
    hits.push(hit("click", at, program.browserAgent, linkOf(random, setting)));
  }
  return hits;
}

/** Half of the readers come within four hours, some after days. */
function readingDelayMs(random: Random): number {
  return Math.exp(Math.log(230) + 1.35 * random.normal()) * minuteMs + 30_000;
}

/** Nobody reads newsletters between midnight and six: those wait for the morning. */
function waking(at: Date, timeZone: string, random: Random): Date {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  if (local.hour >= 6) return at;
  const morning = local
    .with({ hour: 6, minute: 0, second: 0 })
    .add({ minutes: Math.floor(200 * random.next()), seconds: random.below(60) });
  return new Date(morning.epochMilliseconds);
}

function linkOf(random: Random, { linkCount, linkWeights }: ReaderSetting): number {
  const weights = Array.from({ length: linkCount }, (_, i) => linkWeights[i] ?? linkWeights.at(-1) ?? 1);
  return Number(random.weighted(Object.fromEntries(weights.map((weight, i) => [String(i), weight]))));
}

/** Somebody who opts out has opened the mail first. */
function leaversOf(
  accepted: readonly Accepted[],
  { key, story, now }: ReaderSetting,
): Array<SampleMessage & { at: Date }> {
  return accepted
    .toSorted((a, b) => hashOf(`leaves ${key}${a.email}`) - hashOf(`leaves ${key}${b.email}`))
    .slice(0, story.unsubscribes)
    .map((message) => {
      const random = randomOf(`leaves ${key}${message.email}`);
      return { ...message, at: new Date(message.sentAt.getTime() + readingDelayMs(random)) };
    })
    .filter(({ at }) => at <= now);
}

interface Hit {
  kind: "open" | "click";
  at: Date;
  agent: string;
  link: number | null;
  method: "GET" | "HEAD";
  ip: string;
}

function eventOf(message: Accepted, { kind, at, agent, link, method, ip }: Hit): SampleEvent {
  const secondsSinceSent = (at.getTime() - message.sentAt.getTime()) / 1000;
  const { verdict, reason } = judge({ method, isPrefetch: false, userAgent: agent, secondsSinceSent });
  return {
    received_at: at.toISOString(),
    kind,
    message_id: message.id,
    subscriber_id: message.subscriberId,
    link_position: link,
    verdict,
    verdict_reason: reason,
    user_agent: agent,
    ip_address: ip,
  };
}

interface MailProgram {
  mailAgent: string;
  browserAgent: string;
  /** Apple's privacy proxy fetches the pixel of every mail, read or not, and the later reading is not seen. */
  fetchesAhead: boolean;
  /** A company's gateway follows every link before it lets the mail in. */
  scansLinks: boolean;
}

function programOf(email: string): MailProgram {
  const random = randomOf(`program ${email}`);
  const scansLinks = random.chance(0.05);
  const kind = random.weighted({ gmail: 42, apple: 30, outlook: 16, thunderbird: 5, android: 7 });
  const browserAgent =
    kind === "apple" ? agents.safari : random.pick([agents.chrome, agents.firefox, agents.androidChrome]);
  const mailAgent = {
    gmail: agents.gmail,
    apple: agents.appleMail,
    outlook: agents.outlook,
    thunderbird: agents.thunderbird,
    android: agents.androidChrome,
  }[kind];
  return { mailAgent, browserAgent, fetchesAhead: kind === "apple", scansLinks };
}

const agents = {
  gmail: "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
  applePrivacy: "Mozilla/5.0",
  appleMail: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
  outlook: "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Win64; x64; Trident/7.0; Microsoft Outlook 16.0.17328)",
  thunderbird: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.5.0",
  scanner: "Mozilla/5.0 (compatible; BarracudaCentral; link protection)",
  chrome:
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
  firefox: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
  safari:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  androidChrome:
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
} as const;
