/** Bounds on what one call may hold: far above what providers take, far below what would stop us. */
export const MESSAGES_MAX = 20_000;
export const PARTS_MAX = 5_000;
export const TOOLS_MAX = 2_000;
export const STOPS_MAX = 1_000;
