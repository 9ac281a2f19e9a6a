/** What is no text. `bytes` is absent where only an address is known. */
export type Media = { mediaType: string; bytes: number | undefined; isLowDetail?: boolean };

/**
 * What an image, a sound or a file is taken for, in tokens. Without strictness, what most models take it for at its usual
 * size; strict, more than any does.
 */
export function mediaTokens({ mediaType, bytes, isLowDetail = false }: Media, isStrict: boolean): number {
  const row = MEDIA_ROWS.find(({ start }) => mediaType.startsWith(start)) ?? FILE_ROW;
  const bound = isStrict ? row.strict : row.usual;
  if (isLowDetail && bound.lowDetail !== undefined) return bound.lowDetail;
  if (bytes === undefined || bound.bytesPerToken === undefined) return bound.most;
  return Math.min(bound.most, Math.max(bound.least, Math.ceil(bytes / bound.bytesPerToken)));
}

type MediaBound = {
  least: number;
  /** Also what an unknown size is taken for. */
  most: number;
  /** Absent where the size in bytes says nothing. */
  bytesPerToken?: number;
  lowDetail?: number;
};

type MediaRow = { start: string; usual: MediaBound; strict: MediaBound };

/** As much as fits into the largest models there are. */
const CONTEXT_TOKENS = 1_000_000;

/**
 * Images: tiles and patches come to 1,600 tokens or less with most models, 5,000 with those that look closest; one
 * cheap model counts 48,000. Sound: at most 32 tokens a second; a second is 16 KB or more raw, 4 KB or more compressed.
 * Film: 300 tokens a second of 50 KB or more. A page of a document: 3,000 tokens, 24 KB or more.
 */
const MEDIA_ROWS: readonly MediaRow[] = [
  {
    start: 'image/',
    usual: { least: 0, most: 2_000, lowDetail: 300 },
    strict: { least: 0, most: 50_000, lowDetail: 3_000 },
  },
  {
    start: 'audio/wav',
    usual: { least: 32, most: 100_000, bytesPerToken: 500 },
    strict: { least: 32, most: CONTEXT_TOKENS, bytesPerToken: 125 },
  },
  {
    start: 'audio/',
    usual: { least: 32, most: 100_000, bytesPerToken: 125 },
    strict: { least: 32, most: CONTEXT_TOKENS, bytesPerToken: 25 },
  },
  {
    start: 'video/',
    usual: { least: 300, most: 200_000, bytesPerToken: 160 },
    strict: { least: 300, most: CONTEXT_TOKENS, bytesPerToken: 16 },
  },
  {
    start: 'text/',
    usual: { least: 16, most: 50_000, bytesPerToken: 2 },
    strict: { least: 16, most: CONTEXT_TOKENS, bytesPerToken: 1 },
  },
];

const FILE_ROW: MediaRow = {
  start: '',
  usual: { least: 3_000, most: 100_000, bytesPerToken: 8 },
  // Text in a document is packed, five bytes into one.
  strict: { least: 10_000, most: CONTEXT_TOKENS, bytesPerToken: 0.5 },
};
