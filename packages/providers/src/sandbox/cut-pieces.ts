/** The pieces a text is streamed in: words with the space before them, long words in parts. They join to the text. */
export function cutPieces(text: string): string[] {
  const pieces: string[] = [];
  for (const word of text.match(/\s*\S+|\s+$/g) ?? []) {
    if (word.length <= PIECE_LENGTH_MAX) {
      pieces.push(word);
      continue;
    }
    // By code points, so that no piece ends in half a character.
    const points = [...word];
    for (let at = 0; at < points.length; at += PIECE_LENGTH_MAX) {
      pieces.push(points.slice(at, at + PIECE_LENGTH_MAX).join(''));
    }
  }
  return pieces;
}

const PIECE_LENGTH_MAX = 24;
