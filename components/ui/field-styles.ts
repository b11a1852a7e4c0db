/** The look shared by everything one types or picks in. 16 px on phones, or iOS zooms the page on focus. */
export const controlStyles =
  "w-full min-w-0 rounded-md border border-field bg-surface text-ink text-base sm:text-sm shadow-xs placeholder:text-muted " +
  "transition-[border-color,box-shadow] duration-100 hover:border-muted " +
  "focus-visible:border-focus focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-focus/70 " +
  "data-invalid:border-danger aria-invalid:border-danger " +
  "disabled:cursor-not-allowed disabled:bg-sunken disabled:text-muted data-disabled:cursor-not-allowed data-disabled:bg-sunken data-disabled:text-muted";

export const controlHeight = "h-9 max-sm:h-11";
