"use client";

import { useFormatter } from "next-intl";

/** A share as a percentage with one decimal, "–" of nothing: "38.2%". */
export function useShare(): (part: number, whole: number) => string {
  const format = useFormatter();
  return (part, whole) =>
    whole > 0 ? format.number(part / whole, { style: "percent", maximumFractionDigits: 1 }) : "–";
}
