import { parentPort } from 'node:worker_threads';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

/** Counts tokens away from the event loop. Gets `{ id, texts }`, answers `{ id, counts }`. */
parentPort?.on('message', ({ id, texts }: { id: number; texts: string[] }) => {
  let left = COUNTED_LENGTH_MAX;
  const counts = texts.map((text) => {
    const counted = text.slice(0, left);
    left -= counted.length;
    return countText(counted) + Math.ceil((text.length - counted.length) / CHARACTERS_PER_TOKEN);
  });
  parentPort?.postMessage({ id, counts });
});

/**
 * Merging byte pairs takes quadratic time on one endless word, so a text that has one is counted in slices, which is off
 * by at most a token per slice. The names of special tokens are ordinary text when a user writes them.
 */
function countText(text: string): number {
  const slice = LONG_RUN.test(text) ? SLICE_LENGTH : text.length;
  let count = 0;
  for (let at = 0; at < text.length; at += slice) {
    count += countTokens(text.slice(at, at + slice), { disallowedSpecial: new Set() });
  }
  return count;
}

/** Of one request; what goes beyond is estimated, so that one caller cannot keep the others waiting. */
const COUNTED_LENGTH_MAX = 2_000_000;
const CHARACTERS_PER_TOKEN = 4;
const SLICE_LENGTH = 256;
const LONG_RUN = new RegExp(`\\S{${SLICE_LENGTH},}|\\s{${SLICE_LENGTH},}`);
