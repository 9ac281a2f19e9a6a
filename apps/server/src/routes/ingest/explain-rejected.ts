import type { TakenBatch } from '../../ingest/create-take-batch.ts';

/** Reasons that are told one by one; the others are counted. */
const REASONS_MAX = 3;
const REASON_CHARS_MAX = 300;

/** Why spans of a batch were refused, in one text. */
export function explainRejected(rejected: TakenBatch['rejected']): string {
  const told = rejected.slice(0, REASONS_MAX).map(({ index, id, reason }) => {
    const which = id === undefined || id === '' ? `Span ${index}` : `Span ${index} (${id.slice(0, 64)})`;
    return `${which}: ${reason.slice(0, REASON_CHARS_MAX)}`;
  });
  const more = rejected.length - told.length;
  return more > 0 ? `${told.join(' ')} And ${more} more.` : told.join(' ');
}
