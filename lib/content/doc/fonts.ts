import type { Theme } from "./email-doc.ts";

const fontStacks: Record<Theme["font"], string> = {
  sans: "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
  humanist: "Verdana, Geneva, 'DejaVu Sans', sans-serif",
  serif: "Georgia, 'Times New Roman', Times, serif",
  oldstyle: "'Palatino Linotype', Palatino, 'Book Antiqua', Georgia, serif",
  mono: "'SFMono-Regular', Menlo, Consolas, 'Liberation Mono', monospace",
};
/** The font-family of a theme's font. */
export const fontStack = (font: Theme["font"]): string => fontStacks[font];
