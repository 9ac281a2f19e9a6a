const DIMENSIONS_MAX = 4_096;

/** Of models whose vectors are known to have another length than the usual one. */
const DIMENSIONS: readonly (readonly [beginning: string, dimensions: number])[] = [
  ['text-embedding-3-large', 3_072],
  ['gemini-embedding-', 3_072],
  ['text-embedding-004', 768],
  ['mistral-embed', 1_024],
  ['voyage-', 1_024],
];
const USUAL_DIMENSIONS = 1_536;

/** The length of this model's vectors when the caller asks for no other. */
export function sandboxDimensions(model: string): number {
  return DIMENSIONS.find(([beginning]) => model.startsWith(beginning))?.[1] ?? USUAL_DIMENSIONS;
}

/** A vector of length one for a text: always the same for the same text, another one for another. */
export function sandboxEmbedding(text: string, dimensions: number): number[] {
  const next = openNoise(text);
  const size = Math.min(Math.max(1, dimensions), DIMENSIONS_MAX);
  const raw = Array.from({ length: size }, next);
  const length = Math.hypot(...raw) || 1;
  // As a 32-bit float, which is what every provider gives.
  return raw.map((value) => Math.fround(value / length));
}

/** Numbers between -1 and 1 from a text: FNV-1a for the seed, then a linear congruential generator. */
function openNoise(text: string): () => number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  };
}
