const lineFeed = 10;

/** Cuts NDJSON behind lines' ends, always at the same places. A line longer than the bound stays whole. */
export function splitNdjson(ndjson: Buffer, bytesMax: number): Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  while (from < ndjson.length) {
    const to = ndjson.length - from <= bytesMax ? ndjson.length : endOfPiece(ndjson, from, bytesMax);
    pieces.push(ndjson.subarray(from, to));
    from = to;
  }
  return pieces;
}

function endOfPiece(ndjson: Buffer, from: number, bytesMax: number): number {
  const within = ndjson.lastIndexOf(lineFeed, from + bytesMax - 1);
  if (within >= from) return within + 1;
  const after = ndjson.indexOf(lineFeed, from);
  return after === -1 ? ndjson.length : after + 1;
}
