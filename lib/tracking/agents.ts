import type { Verdict } from "#drizzle/schema/tracking.ts";

/** What a user agent says about who is asking. */
export interface AgentRule {
  /** Stored as the reason of the verdict: never rename one, reports group by it. */
  name: string;
  pattern: RegExp;
  verdict: Verdict;
}

/*
 * Mail programs and mail proxies, which a general list of bots gets wrong; looked at before isbot, first match wins.
 * "human" means: fetched because somebody opened the mail, so the other signs (too soon, burst) decide.
 * The proxies of Gmail, Yahoo, Seznam and Mail.ru fetch pictures when the mail is displayed; Apple's fetches them for
 * every mail that arrives, read or not.
 */
export const agentRules: readonly AgentRule[] = [
  { name: "apple_privacy", pattern: /^Mozilla\/5\.0$/, verdict: "machine" },
  // Gmail looking at a new mail's pictures before anybody opened it: an agent that no browser ever had.
  { name: "gmail_prefetch", pattern: /Edge\/12\.246 Mozilla\/5\.0$/, verdict: "machine" },
  { name: "gmail_proxy", pattern: /GoogleImageProxy/, verdict: "human" },
  { name: "yahoo_proxy", pattern: /YahooMailProxy/, verdict: "human" },
  { name: "seznam_proxy", pattern: /SeznamEmailProxy/, verdict: "human" },
  { name: "mailru_proxy", pattern: /Mail\.RU_Bot\/Img|mail\.ru image proxy/i, verdict: "human" },
  { name: "office_discovery", pattern: /Microsoft Office (Existence|Protocol) Discovery/, verdict: "machine" },
  { name: "preview", pattern: /BingPreview|SkypeUriPreview|ms-teams.*preview/i, verdict: "machine" },
  {
    name: "mail_scanner",
    pattern:
      /safelinks|barracuda|proofpoint|urldefense|mimecast|messagelabs|symantec|fortiguard|fortimail|sophos|ironport|zscaler|trendmicro|trend micro|mailscanner|spamassassin|rspamd|bitdefender|kaspersky|virustotal|google-safety|checkpoint|vade/i,
    verdict: "machine",
  },
  { name: "outlook", pattern: /Microsoft Outlook|ms-office|MSOffice|Outlook-(iOS|Android)/, verdict: "human" },
  { name: "thunderbird", pattern: /Thunderbird\//, verdict: "human" },
  {
    name: "apple_mail",
    pattern: /^Mozilla\/5\.0 \([^)]*\) AppleWebKit\/[\d.]+ \(KHTML, like Gecko\)( Mobile\/\w+)?$/,
    verdict: "human",
  },
  {
    name: "mail_program",
    pattern: /^(Superhuman|Spark\/|eM ?Client\/|Airmail|Canary|Lotus-Notes|Postbox|ProtonMail|K-9|FairEmail|QQMail)/,
    verdict: "human",
  },
];
