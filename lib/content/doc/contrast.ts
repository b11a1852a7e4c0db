/** Relative luminance of #rrggbb, 0 to 1 (WCAG 2.2). */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function hex(values: number[]): string {
  return `#${values.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
}

/** What text needs to be read on its ground (WCAG 1.4.3). */
export const READABLE = 4.5;

/** The contrast of two colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

/** The colour as a client shows it that turns everything into its opposite. */
export function inverted(colour: string): string {
  return hex(channels(colour).map((value) => 255 - value));
}

/** The nearest colour of the same hue that can be read on the ground: darker on light ones, lighter on dark ones. */
export function readableOn(colour: string, ground: string): string {
  const target = contrast("#000000", ground) >= contrast("#ffffff", ground) ? 0 : 255;
  const shades = Array.from({ length: 21 }, (_, step) =>
    hex(channels(colour).map((value) => value + ((target - value) * step) / 20)),
  );
  return (
    shades.find((shade) => isReadable(shade, ground) && isReadable(inverted(shade), inverted(ground))) ??
    shades.find((shade) => isReadable(shade, ground)) ??
    colour
  );
}

export function isReadable(colour: string, ground: string): boolean {
  return contrast(colour, ground) >= READABLE;
}
