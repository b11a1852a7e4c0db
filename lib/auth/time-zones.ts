import { getTimeZones } from "@vvo/tzdb";

export interface TimeZoneChoice {
  name: string;
  /** Like "Europe/Berlin", with the main cities. */
  label: string;
}

/** Every IANA name this Node can compute with, under today's names (Asia/Kolkata) and those that Intl lists (Asia/Calcutta). */
export const tzdb: ReadonlySet<string> = new Set([
  ...Intl.supportedValuesOf("timeZone"),
  ...getTimeZones().flatMap((zone) => [zone.name, ...zone.group].filter(isComputable)),
  "UTC",
]);

function isComputable(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The zones people choose from, by offset, with the cities they look for. */
export function timeZoneChoices(): TimeZoneChoice[] {
  const zones = getTimeZones()
    .filter((zone) => tzdb.has(zone.name))
    .map((zone) => ({
      name: zone.name,
      label: `${zone.currentTimeFormat.slice(0, 6)} ${zone.name.replaceAll("_", " ")} (${zone.mainCities.slice(0, 2).join(", ")})`,
    }));
  return [{ name: "UTC", label: "UTC" }, ...zones];
}
