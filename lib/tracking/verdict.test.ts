import { expect, test } from "vitest";
import { agentRules } from "./agents.ts";
import { burstThreshold, judge, saysPrefetch } from "./verdict.ts";

const chrome =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
const iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";

/** One real agent per rule, and what it is taken for. */
const agents: Array<[rule: string, userAgent: string, verdict: "human" | "machine"]> = [
  ["apple_privacy", "Mozilla/5.0", "machine"],
  [
    "gmail_prefetch",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0",
    "machine",
  ],
  ["gmail_proxy", "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", "human"],
  ["yahoo_proxy", "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", "human"],
  ["seznam_proxy", "SeznamEmailProxy/3.0.1", "human"],
  ["mailru_proxy", "Mozilla/5.0 (compatible; Mail.RU_Bot/Img/2.0; +http://go.mail.ru/help/robots)", "human"],
  ["office_discovery", "Microsoft Office Existence Discovery", "machine"],
  ["preview", "BingPreview/1.0b", "machine"],
  ["mail_scanner", "Barracuda Sentinel (EE)", "machine"],
  [
    "outlook",
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Trident/7.0; Microsoft Outlook 16.0.4266; ms-office; MSOffice 16)",
    "human",
  ],
  ["thunderbird", "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.10.1", "human"],
  ["apple_mail", iphone.replace("(KHTML, like Gecko)", "(KHTML, like Gecko) Mobile/15E148"), "human"],
  ["mail_program", "Superhuman", "human"],
  ["known_bot", "curl/8.10.1", "machine"],
  ["known_bot", "python-requests/2.31", "machine"],
  ["known_bot", "facebookexternalhit/1.1", "machine"],
  [
    "known_bot",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36",
    "machine",
  ],
  ["no_agent", "", "machine"],
  ["no_agent", "  ", "machine"],
  ["no_machine_sign", chrome, "human"],
  ["no_machine_sign", `${iphone} Version/17.4 Mobile/15E148 Safari/604.1`, "human"],
];

test.each(agents)("%s: %s is taken for a %s", (reason, userAgent, verdict) => {
  expect(judge({ method: "GET", isPrefetch: false, userAgent, secondsSinceSent: 3600 })).toEqual({ verdict, reason });
});

test("every rule about agents has a row above", () => {
  expect(agentRules.map((rule) => rule.name).filter((name) => !agents.some(([rule]) => rule === name))).toEqual([]);
});

test.each([
  ["head", { method: "HEAD" as const }],
  ["prefetch", { isPrefetch: true }],
  ["too_soon", { secondsSinceSent: 1.9 }],
  ["too_soon", { secondsSinceSent: -0.2 }],
])("%s: %j makes a browser a machine", (reason, signs) => {
  const browser = { method: "GET" as const, isPrefetch: false, userAgent: chrome, secondsSinceSent: 3600 };
  expect(judge({ ...browser, ...signs })).toEqual({ verdict: "machine", reason });
});

test("a hit after two seconds, or on a mail whose sending is not written yet, may be a person's", () => {
  const browser = { method: "GET" as const, isPrefetch: false, userAgent: chrome };
  expect(judge({ ...browser, secondsSinceSent: 2 }).verdict).toBe("human");
  expect(judge({ ...browser, secondsSinceSent: null }).verdict).toBe("human");
});

test.each([
  [{ "sec-purpose": "prefetch;prerender" }, true],
  [{ purpose: "prefetch" }, true],
  [{ "x-purpose": "preview" }, true],
  [{ "x-moz": "prefetch" }, true],
  [{ "sec-fetch-mode": "navigate" }, false],
  [{}, false],
])("headers %j say prefetch: %s", (headers: Record<string, string | undefined>, expected) => {
  expect(saysPrefetch((name) => headers[name] ?? null)).toBe(expected);
});

test("a burst is four fifths of a campaign's links, at least three, and ten are always one", () => {
  expect([0, 1, 2, 3, 4, 5, 10, 12, 13, 100].map(burstThreshold)).toEqual([3, 3, 3, 3, 4, 4, 8, 10, 10, 10]);
});
