export type Chunk = { start: number; text: string };

/** A browser lays out what is in view and skips the rest, if the text comes in pieces of about this many characters. */
const CHUNK_CHARS = 8_000;

/** A text in pieces that end where a line does, so that they stand one below the other as if they were one. */
export function textChunks(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  for (let start = 0; start < text.length; ) {
    const lineEnd = text.indexOf('\n', start + CHUNK_CHARS);
    const end = lineEnd === -1 ? text.length : lineEnd + 1;
    chunks.push({ start, text: text.slice(start, end) });
    start = end;
  }
  return chunks;
}
