/** What can be undone. Each state is whole; they share what did not change between them. */
export interface History<State> {
  past: readonly State[];
  present: State;
  future: readonly State[];
  /** What the last change was made to: changes of the same thing in a row are one step. */
  tag: string | null;
  at: number;
}

const MAX_STEPS = 200;
/** A pause of typing after which a new step begins, in milliseconds. */
const PAUSE = 1500;

export function beginHistory<State>(present: State): History<State> {
  return { past: [], present, future: [], tag: null, at: 0 };
}

/** Goes on to a state. With the `tag` of the change before, and soon after it, both are one step. */
export function advance<State>(history: History<State>, next: State, tag: string | null, now: number): History<State> {
  if (next === history.present) return history;
  const isSame = tag !== null && tag === history.tag && now - history.at < PAUSE && history.past.length > 0;
  const past = isSame ? history.past : [...history.past, history.present].slice(-MAX_STEPS);
  return { past, present: next, future: [], tag, at: now };
}

export function undo<State>(history: History<State>): History<State> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: before,
    future: [history.present, ...history.future],
    tag: null,
    at: 0,
  };
}

export function redo<State>(history: History<State>): History<State> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, tag: null, at: 0 };
}
