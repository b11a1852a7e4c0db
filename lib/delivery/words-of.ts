import type { Outcome } from "./transport.ts";

/** What the other side said, or what broke, in one line for people and for logs. */
export function wordsOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "reply":
      return `${outcome.code} ${outcome.enhanced ? `${outcome.enhanced} ` : ""}${outcome.text}`;
    case "network":
      return outcome.error;
    case "refused":
      return outcome.text;
    case "withheld":
      return "withheld";
  }
}
