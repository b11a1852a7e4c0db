import type { StateCounts } from "#lib/delivery/counts.ts";
import type { RecipientState } from "#lib/reports/recipients-input.ts";

interface StateLook {
  state: RecipientState;
  count: keyof StateCounts;
  /** Fill of the bar and the swatch. Neighbours differ in pattern, too, for those who see no colour. */
  fill: string;
  tone: "neutral" | "accent" | "info" | "success" | "warning" | "danger";
}

const stripes =
  "bg-[image:repeating-linear-gradient(135deg,transparent_0_3px,color-mix(in_oklab,var(--surface)_55%,transparent)_3px_6px)]";
const dots =
  "bg-[image:radial-gradient(color-mix(in_oklab,var(--surface)_75%,transparent)_1.2px,transparent_1.3px)] bg-[size:5px_5px]";

/** The states in the order of a message's life, the good end first. */
export const stateLooks: readonly StateLook[] = [
  { state: "sent", count: "sent", fill: "bg-success", tone: "success" },
  { state: "sending", count: "sending", fill: `bg-accent ${stripes}`, tone: "accent" },
  { state: "pending", count: "pending", fill: "bg-neutral-line", tone: "neutral" },
  { state: "deferred", count: "deferred", fill: `bg-info-text ${dots}`, tone: "info" },
  { state: "in_doubt", count: "inDoubt", fill: `bg-warning ${stripes}`, tone: "warning" },
  { state: "failed", count: "failed", fill: "bg-danger", tone: "danger" },
  { state: "skipped", count: "skipped", fill: `bg-field ${stripes}`, tone: "neutral" },
];
