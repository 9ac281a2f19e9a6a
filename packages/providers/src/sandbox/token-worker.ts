import { parentPort } from 'node:worker_threads';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

/** Counts tokens away from the event loop. Gets `{ id, texts }`, answers `{ id, counts }`. */
parentPort?.on('message', ({ id, texts }: { id: number; texts: string[] }) => {
  parentPort?.postMessage({ id, counts: texts.map(countText) });
});

/**
 * Merging byte pairs takes quadratic time on one endless word, so a text that has one is counted in slices (off by at
 * most a token per slice), and what goes beyond a bound is taken to be like what came before. The names of special
 * tokens are ordinary text when a user writes them.
 */
function countText(text: string): number {
  const counted = text.slice(0, COUNTED_LENGTH_MAX);
  const slice = LONG_RUN.test(counted) ? SLICE_LENGTH : COUNTED_LENGTH_MAX;
  let count = 0;
  for (let at = 0; at < counted.length; at += slice) {
    count += countTokens(counted.slice(at, at + slice), { disallowedSpecial: new Set() });
  }
  return counted.length === text.length ? count : Math.round((count * text.length) / counted.length);
}

const COUNTED_LENGTH_MAX = 1_000_000;
const SLICE_LENGTH = 256;
const LONG_RUN = new RegExp(`\\S{${SLICE_LENGTH},}|\\s{${SLICE_LENGTH},}`);
