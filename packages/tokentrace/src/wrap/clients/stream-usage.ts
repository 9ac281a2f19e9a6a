import { arrayOf, isRecord, objectOf } from '../read/wire-value.ts';

/** Request options that ask for the figures of a stream; undefined where the app asks itself or does not stream. */
export function withStreamUsage(options: unknown): object | undefined {
  if (!isRecord(options) || options.stream !== true || !isRecord(options.body)) return undefined;
  const asked = objectOf(options.body.stream_options);
  if (asked.include_usage !== undefined) return undefined;
  return { ...options, body: { ...options.body, stream_options: { ...asked, include_usage: true } } };
}

/** The chunk that brings the figures has no choice in it. */
export function isUsageChunk(chunk: unknown): boolean {
  return isRecord(chunk) && isRecord(chunk.usage) && arrayOf(chunk.choices).length === 0;
}
