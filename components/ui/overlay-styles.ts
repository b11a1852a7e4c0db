/** The shade behind dialogs and sheets. */
export const scrimStyles =
  "fixed inset-0 z-50 min-h-dvh bg-scrim transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0";
