/** Citations of one text that are read: far above what providers send, far below what would stop us. */
export const CITATIONS_MAX = 2_000;

/** Characters that are counted to place the citations of one text; beyond that they are of the whole text. */
export const PLACED_CHARS_MAX = 50_000_000;
