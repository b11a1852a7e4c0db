/** The most that a document may hold. Without a library, so that the browser can ask as well. */
export const MAX_SECTIONS = 100;
export const MAX_BLOCKS = 300;
export const MAX_COLUMN_BLOCKS = 60;
export const MAX_COLUMNS = 4;
