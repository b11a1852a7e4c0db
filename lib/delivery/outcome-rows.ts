export type OutcomeClass =
  | "sent"
  | "hard"
  | "soft"
  | "network"
  | "throttle"
  | "greylist"
  | "block"
  | "auth"
  | "content"
  | "sender"
  | "in_doubt"
  | "withheld"
  | "unknown";

/** A row holds when everything it names fits; the first that holds decides. */
export type Row = { class: OutcomeClass; enhanced?: RegExp; codes?: readonly number[]; words?: RegExp };

const rate =
  /too (?:many|much|fast|quick)|rate.?limit|rate (?:of|has|exceed)|throttl|unusual (?:rate|volume)|unexpected volume|temporarily deferred|slow down|exceeded .{0,40}(?:limit|rate|messages)|per (?:hour|minute|day)|receiving mail at a rate/i;
const grey = /gr[ae]y.?list/i;
const full =
  /(?:mailbox|inbox|account|quota|storage|user).{0,40}(?:full|exceed|over)|(?:full|exceeded|over).{0,12}(?:mailbox|inbox|quota)|out of storage|exceeded storage/i;
const senderRefused =
  /sender.{0,20}(?:reject|refus|den|verif|not (?:allowed|authorized|accepted))|not (?:allowed|authori[sz]ed|permitted) to send(?! (?:e?mails? |messages? )?to)|permissions? to send as|send ?as ?denied|not owned by user|badmailfrom|(?:address|domain|identity) is not verified/i;
const relayRefused =
  /relay(?:ing)?.{0,12}(?:denied|not (?:permitted|allowed))|(?:not permitted|unable|not allowed) to relay|credentials for relay|isn't in my list of allowed/i;
const nobody =
  /(?:user|recipient|mailbox|account|address|addressee)\b.{0,60}(?:unknown|not found|not exist|n't exist|unavailable: no|invalid|not known)|no such (?:user|recipient|mailbox|person|address|local)|unknown (?:user|recipient|mailbox|local|address)|invalid (?:recipient|mailbox)|no (?:mailbox|user) (?:here|by that|with)|does(?:n't| not) have an? .{0,40}account|unrouteable address|account.{0,40}(?:disabled|discontinued|inactive)/i;
const blocked =
  /block|black.?list|deny.?list|spam|\bDNSBL\b|\bRBL\b|polic(?:y|ies)|reputation|banned|unsolicited|phish|virus|malware|listed (?:in|at|by|on)|access denied|permanently deferred|junk/i;

/** By enhanced code (RFC 3463), the most trusted; words only tell apart what one code is used for. */
export const enhancedRows: readonly Row[] = [
  // A relay may speak of our sender or login at RCPT and with a recipient's code; that must never touch the person.
  { class: "sender", codes: [530, 534, 535, 538] },
  { class: "sender", enhanced: /^[45]\.[17]\.\d+$/, words: senderRefused },
  { class: "sender", enhanced: /^[45]\.7\.\d+$/, words: relayRefused },
  { class: "sender", enhanced: /^[45]\.1\.[78]$/ },
  // Gmail uses 4.7.28 for volume, and the words "rate limited" for missing authentication.
  { class: "throttle", enhanced: /^4\.7\.28$/, words: rate },
  { class: "auth", enhanced: /^5\.7\.(?:26|27|30|509|515)$|^4\.7\.(?:2[6-9]|3[0-2])$/ },
  { class: "hard", enhanced: /^5\.1\.(?:0|1|2|3|6|10)$|^5\.2\.1$/ },
  // Microsoft says so of a mailbox that its directory does not know, at the edge and at Outlook.com.
  { class: "hard", enhanced: /^5\.4\.1$/, codes: [550], words: /recipient address rejected/i },
  { class: "hard", enhanced: /^5\.5\.0$/, codes: [550], words: /mailbox unavailable/i },
  { class: "soft", enhanced: /^[45]\.2\.2$|^4\.2\.1$/ },
  { class: "greylist", enhanced: /^4\.\d+\.\d+$/, words: grey },
  { class: "throttle", enhanced: /^4\.[3457]\.\d+$/, words: rate },
  // Microsoft's own range for "too busy" and "too much", and Google's for what an account may send in a day.
  { class: "throttle", enhanced: /^4\.7\.[56]\d\d$/ },
  { class: "throttle", enhanced: /^5\.4\.5$/, words: /limit/i },
  { class: "network", enhanced: /^4\.[34]\.\d+$|^5\.4\.[47]$/ },
  { class: "block", enhanced: /^4\.7\.[01]$/, words: blocked },
  { class: "greylist", enhanced: /^4\.7\.[01]$/ },
  { class: "content", enhanced: /^5\.3\.4$|^5\.6\.\d+$/ },
  { class: "block", enhanced: /^5\.7\.\d+$/ },
];

/** By basic code, with words where the code alone says too little. Words never make a 4xx a hard bounce. */
export const codeRows: readonly Row[] = [
  { class: "greylist", codes: [421, 450, 451, 454], words: grey },
  { class: "throttle", codes: [421, 450, 451, 452, 454], words: rate },
  { class: "soft", codes: [450, 451, 452, 550, 552, 554], words: full },
  // Yahoo has 552 for a mailbox that is not there.
  { class: "hard", codes: [552], words: nobody },
  { class: "content", codes: [552] },
  { class: "sender", codes: [550, 551, 553, 554], words: senderRefused },
  { class: "sender", codes: [550, 551, 553, 554], words: relayRefused },
  { class: "hard", codes: [550, 551, 553, 554], words: nobody },
  { class: "block", codes: [421, 450, 451, 454, 550, 551, 553, 554], words: blocked },
];
