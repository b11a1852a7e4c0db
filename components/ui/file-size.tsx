import { useFormatter } from "next-intl";

const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** 812 byte, 16 kB, 2.4 MB. */
export function FileSize({ bytes }: { bytes: number }) {
  const format = useFormatter();
  const step = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return (
    <span className="tabular whitespace-nowrap">
      {format.number(value, {
        style: "unit",
        unit: units[step],
        unitDisplay: "short",
        maximumFractionDigits: step > 1 ? 1 : 0,
      })}
    </span>
  );
}
