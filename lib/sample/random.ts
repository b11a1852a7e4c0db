/** Random numbers that are the same on every machine for the same seed: the sample is always the same one. */
export interface Random {
  /** 0 (included) to 1 (excluded). */
  next(): number;
  /** Whether something that happens with this probability does. */
  chance(probability: number): boolean;
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number;
  pick<T>(choices: readonly T[]): T;
  /** One of the choices by weight. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T;
  /** Standard normal. */
  normal(): number;
}

/** A generator for a seed; any text will do. */
export function randomOf(seed: string): Random {
  let state = hashOf(seed);
  // mulberry32: 32 bits of state are plenty for some thousand draws.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick(choices) {
      const chosen = choices[below(choices.length)];
      if (chosen === undefined) throw new Error("nothing to pick from");
      return chosen;
    },
    weighted(weights) {
      const entries = Object.entries<number>(weights) as Array<[keyof typeof weights, number]>;
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [choice, weight] of entries) {
        left -= weight;
        if (left < 0) return choice;
      }
      throw new Error("weights add up to nothing");
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** FNV-1a, 32 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
