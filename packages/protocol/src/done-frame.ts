import type { Closing } from './dialect.ts';

/** The data of the frame that ends each stream of OpenAI's dialects. */
export const DONE = '[DONE]';

export const doneClosing: Closing = { frame: { data: DONE }, is: ({ data }) => data === DONE };
