/** One span of a batch cannot be taken; its message names the field. Never leaves the readers. */
export class SpanError extends Error {
  override name = 'SpanError';
}
