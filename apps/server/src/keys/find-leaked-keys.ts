import { hasValidChecksum } from './key-secret.ts';

/** A key of ours in a text: where it stands, counted from 1, columns in bytes. */
export type LeakedKey = { line: number; column: number; secret: string };

/**
 * What a scanner looks for; the same expression is in the docs. Looked for at every place, because the end of what only
 * resembles a key can be the beginning of one.
 */
const CANDIDATE = /(?=(t[rt]_(?:live|test)_[0-9A-Za-z]{49}))/g;
const CANDIDATE_CHARS = 'tr_live_'.length + 49;

/**
 * Finds the keys in a text by their form and checksum, without asking anybody. Reads piece by piece, however long the
 * text is and wherever the pieces are cut.
 */
export async function* findLeakedKeys(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<LeakedKey> {
  let held = '';
  let line = 1;
  let column = 1;
  for await (const piece of pieces) {
    held += Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1');
    // What could be the beginning of a key waits for the next piece.
    const kept = Math.max(0, held.length - CANDIDATE_CHARS + 1);
    yield* foundIn(held, { kept, line, column });
    ({ line, column } = placeAt(held, kept, { line, column }));
    held = held.slice(kept);
  }
}

function* foundIn(text: string, from: { kept: number; line: number; column: number }): Generator<LeakedKey> {
  for (const match of text.matchAll(CANDIDATE)) {
    const [, secret] = match;
    if (match.index >= from.kept || secret === undefined || !hasValidChecksum(secret)) continue;
    yield { ...placeAt(text, match.index, from), secret };
  }
}

function placeAt(text: string, at: number, from: { line: number; column: number }) {
  let { line, column } = from;
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1 && end < at; end = text.indexOf('\n', start)) {
    line += 1;
    column = 1;
    start = end + 1;
  }
  return { line, column: column + at - start };
}
