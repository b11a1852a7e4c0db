import { domainToASCII } from "node:url";

/*
 * A lane is where mail is taken in: one receiving domain, or all domains of a big provider, whose servers count our
 * mail together whatever the address says. The names are those of the providers' mail exchangers.
 */

const providers: Record<string, readonly string[]> = {
  gmail: ["gmail.com", "googlemail.com"],
  microsoft: ["outlook.com", "hotmail.com", "live.com", "msn.com", "passport.com"],
  yahoo: [
    "yahoo.com",
    "ymail.com",
    "rocketmail.com",
    "myyahoo.com",
    "aol.com",
    "aim.com",
    "verizon.net",
    "netscape.net",
  ],
  apple: ["icloud.com", "me.com", "mac.com"],
  gmx: ["gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "gmx.eu", "gmx.info", "gmx.org", "gmx.biz", "web.de"],
  mailcom: ["mail.com", "email.com", "usa.com", "myself.com", "consultant.com", "post.com", "europe.com"],
  "t-online": ["t-online.de", "magenta.de"],
  freenet: ["freenet.de"],
  ionos: ["1und1.de", "online.de", "onlinehome.de"],
  orange: ["orange.fr", "wanadoo.fr", "voila.fr"],
  laposte: ["laposte.net"],
  free: ["free.fr"],
  sfr: ["sfr.fr", "neuf.fr", "cegetel.net", "club-internet.fr", "numericable.fr"],
  libero: ["libero.it", "virgilio.it", "inwind.it", "iol.it", "blu.it", "giallo.it"],
  bluewin: ["bluewin.ch"],
  telenet: ["telenet.be"],
  ziggo: ["ziggo.nl", "home.nl", "upcmail.nl", "casema.nl", "chello.nl", "quicknet.nl"],
  kpn: ["kpnmail.nl", "planet.nl", "hetnet.nl", "xs4all.nl"],
  btinternet: ["btinternet.com", "btopenworld.com", "talk21.com"],
  sky: ["sky.com"],
  virgin: ["virginmedia.com", "ntlworld.com", "blueyonder.co.uk", "virgin.net"],
  seznam: ["seznam.cz", "email.cz", "post.cz", "spoluzaci.cz"],
  wp: ["wp.pl", "o2.pl", "tlen.pl"],
  onet: ["onet.pl", "op.pl", "poczta.onet.pl", "vp.pl", "onet.eu"],
  interia: ["interia.pl", "interia.eu", "poczta.fm"],
  mailru: ["mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru"],
  yandex: ["yandex.ru", "yandex.com", "ya.ru", "yandex.by", "yandex.kz", "narod.ru"],
  qq: ["qq.com", "foxmail.com", "vip.qq.com"],
  netease: ["163.com", "126.com", "yeah.net"],
  naver: ["naver.com"],
  proton: ["proton.me", "protonmail.com", "protonmail.ch", "pm.me"],
  fastmail: ["fastmail.com", "fastmail.fm"],
  zoho: ["zoho.com", "zohomail.com", "zohomail.eu"],
  comcast: ["comcast.net"],
  charter: ["charter.net", "spectrum.net", "rr.com", "roadrunner.com", "twc.com", "brighthouse.com"],
  cox: ["cox.net"],
  att: ["att.net", "sbcglobal.net", "bellsouth.net", "pacbell.net", "ameritech.net", "swbell.net"],
};

/** Country domains of the big three, such as yahoo.co.uk, hotmail.fr and outlook.com.br. */
const families: ReadonlyArray<[RegExp, string]> = [
  [/^yahoo\.(?:[a-z]{2}|com?\.[a-z]{2})$/, "yahoo"],
  [/^(?:hotmail|outlook|live|windowslive)\.(?:[a-z]{2}|com?\.[a-z]{2})$/, "microsoft"],
];

const byDomain = new Map(
  Object.entries(providers).flatMap(([name, domains]) => domains.map((domain) => [domain, name] as const)),
);
const known = new Map<string, string>();
const mostKnown = 50_000;

/** The lane of an address: a provider's name (no dot in it), or the domain itself as A-labels in lower case. */
export function laneOf(email: string): string {
  const domain = email.slice(email.lastIndexOf("@") + 1);
  let lane = known.get(domain);
  if (lane === undefined) {
    const lower = domainToASCII(domain) || domain.toLowerCase();
    lane = byDomain.get(lower) ?? families.find(([pattern]) => pattern.test(lower))?.[1] ?? lower;
    if (known.size >= mostKnown) known.clear();
    known.set(domain, lane);
  }
  return lane;
}
