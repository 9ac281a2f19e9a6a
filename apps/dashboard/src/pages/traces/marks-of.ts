import type { Source } from './content/block.ts';
import type { Chunk } from './text-chunks.ts';

/** A piece of text, and the numbers of the sources that are cited at its end. */
export type Marked = { start: number; text: string; numbers: number[] };

/** More marks than this make no text readable. */
const MARKS_MAX = 500;

/** A chunk cut where sources are cited. `ends` count from the start of the whole text. */
export function marksOf({ start, text }: Chunk, sources: readonly Source[]): Marked[] {
  const numbersAt = new Map<number, number[]>();
  for (const [place, { ends }] of sources.entries()) {
    for (const end of ends) {
      const at = end - start;
      if (at <= 0 || at > text.length || (numbersAt.size >= MARKS_MAX && !numbersAt.has(at))) continue;
      numbersAt.set(at, [...(numbersAt.get(at) ?? []), place + 1]);
    }
  }
  const pieces: Marked[] = [];
  let from = 0;
  for (const [at, numbers] of [...numbersAt].sort(([a], [b]) => a - b)) {
    pieces.push({ start: from, text: text.slice(from, at), numbers });
    from = at;
  }
  if (from < text.length) pieces.push({ start: from, text: text.slice(from), numbers: [] });
  return pieces;
}
