import type { ActivityBucket } from "#lib/reports/activity.ts";
import type { Who } from "./who.ts";

export interface ActivitySeries {
  key: Exclude<keyof ActivityBucket, "at">;
  /** Key of its name in the messages. */
  name: "opens" | "clicks" | "machineOpens" | "machineClicks";
  /** Opens are columns, clicks are lines; machines are hatched or dashed: no colour is needed to tell them apart. */
  shape: "column" | "line";
  isMachine: boolean;
}

const all: readonly ActivitySeries[] = [
  { key: "humanOpens", name: "opens", shape: "column", isMachine: false },
  { key: "machineOpens", name: "machineOpens", shape: "column", isMachine: true },
  { key: "humanClicks", name: "clicks", shape: "line", isMachine: false },
  { key: "machineClicks", name: "machineClicks", shape: "line", isMachine: true },
];

/** What is drawn for a choice of whose hits, as far as it was tracked. */
export function activitySeries(who: Who, tracked: { opens: boolean; clicks: boolean }): ActivitySeries[] {
  return all.filter(
    (series) =>
      (who === "any" || series.isMachine === (who === "machine")) &&
      (series.shape === "column" ? tracked.opens : tracked.clicks),
  );
}
