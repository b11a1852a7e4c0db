import type { Hits, People } from "#lib/reports/engagement.ts";

/** Whose opens and clicks are shown. */
export type Who = "human" | "machine" | "any";

export const peopleOf = (people: People, who: Who): number => people[who];

export const hitsOf = (hits: Hits, who: Who): number => (who === "any" ? hits.human + hits.machine : hits[who]);
