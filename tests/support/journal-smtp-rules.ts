/** The moments of an SMTP session at which the journal server can misbehave, in the order they come. */
export type Phase = "connect" | "ehlo" | "starttls" | "auth" | "mail" | "rcpt" | "data" | "body" | "dot";

/**
 * One way to misbehave. A rule matches on everything it names; the first that matches at a moment wins.
 * "body" is the moment the first bytes after 354 are in and the dot has not been looked at;
 * "dot" is the moment the whole message is in and nothing has been answered.
 */
export type Rule = {
  id?: string;
  at: Phase;
  /** Regular expressions, tested against the envelope; `to` cannot match before RCPT. */
  from?: string;
  to?: string;
  connection?: number;
  /** Let this many matches pass before the rule bites, then bite so many times (in all, or for each recipient). */
  skip?: number;
  times?: number;
  timesPerRecipient?: number;
  /** Report the moment to the controller as a "reached" event. */
  tell?: boolean;
  /** Wait for the controller's `release(id)` before going on. */
  hold?: boolean;
  delayMs?: number;
  /**
   * What happens then: a reply (lines separated by \n, code included; `cut` leaves out its line end), a TCP reset, or
   * a close without a word.
   */
  do?: { reply: string; close?: boolean; cut?: boolean } | "reset" | "close";
  /** At the dot: is the message taken, whatever is answered? Taken unless `do` is given. */
  accept?: boolean;
};

export type Moment = { at: Phase; from: string; to: string; connection: number };

type Compiled = { rule: Rule; from: RegExp | null; to: RegExp | null; seen: number; perRecipient: Map<string, number> };

/** The rules now in force. `find` counts a match, so a rule with `times` wears out. */
export class RuleBook {
  #byPhase = new Map<Phase, Compiled[]>();

  set(rules: Rule[]): void {
    this.#byPhase.clear();
    for (const rule of rules) this.add(rule);
  }

  add(rule: Rule): void {
    const compiled: Compiled = {
      rule,
      from: rule.from === undefined ? null : new RegExp(rule.from),
      to: rule.to === undefined ? null : new RegExp(rule.to),
      seen: 0,
      perRecipient: new Map(),
    };
    const list = this.#byPhase.get(rule.at);
    if (list) list.push(compiled);
    else this.#byPhase.set(rule.at, [compiled]);
  }

  find(moment: Moment): Rule | null {
    const list = this.#byPhase.get(moment.at);
    if (!list) return null;
    for (const compiled of list) if (matches(compiled, moment)) return compiled.rule;
    return null;
  }
}

function matches(compiled: Compiled, moment: Moment): boolean {
  const { rule, from, to } = compiled;
  if (rule.connection !== undefined && rule.connection !== moment.connection) return false;
  if (from && !from.test(moment.from)) return false;
  if (to && !to.test(moment.to)) return false;
  if (rule.timesPerRecipient !== undefined) {
    const count = compiled.perRecipient.get(moment.to) ?? 0;
    if (count >= rule.timesPerRecipient) return false;
    compiled.perRecipient.set(moment.to, count + 1);
  }
  compiled.seen += 1;
  const skip = rule.skip ?? 0;
  return compiled.seen > skip && (rule.times === undefined || compiled.seen <= skip + rule.times);
}
