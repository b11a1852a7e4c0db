import { type Breaker, breakers, type Tripped } from "../delivery/breakers.ts";

/*
 * campaign.pause_reason is "person" for a pause by hand, "copy" in a copy of the database (lib/instance); otherwise "<kind>: <the server's words>". Kinds:
 *   auth     paused, waits for a click
 *   hard, block, content, complaint   a breaker, with its numbers: "hard 31/480: 550 5.1.1 …"; waits for a person to overrule it
 *   sender   still sending: it goes on by itself when the sender is back
 */

export type PauseReason =
  | { kind: "person" }
  | { kind: "copy" }
  | { kind: "breaker"; breaker: Breaker; count: number; tried: number; words: string }
  | { kind: "auth" | "sender" | "other"; words: string };

const form = /^([a-z]+)(?: (\d+)\/(\d+))?: (.*)$/s;

/** What a stored reason says. Pure. */
export function readPauseReason(text: string): PauseReason {
  if (text === "person" || text === "copy") return { kind: text };
  const [, kind = "", count, tried, words = text] = form.exec(text) ?? [];
  const breaker = breakers.find((name) => name === kind);
  if (breaker && count && tried) return { kind: "breaker", breaker, count: Number(count), tried: Number(tried), words };
  if (kind === "auth" || kind === "sender") return { kind, words };
  return { kind: "other", words };
}

/** The reason that is stored for a breaker. */
export function reasonOf({ breaker, count, tried, words }: Tripped): string {
  return `${breaker} ${count}/${tried}: ${words}`;
}
