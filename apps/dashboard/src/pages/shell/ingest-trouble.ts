import type { IngestStatus } from '@app/contract';

/** A store that takes longer than this is behind, not merely busy. */
const LAG_SECONDS_MAX = 10;

/** What is wrong with the way of the traces into the store, a sentence each; empty when all is well. */
export function findIngestTrouble(status: IngestStatus): string[] {
  const {
    lag_seconds: lag,
    dropped_records: lost,
    dropped_contents: cut,
    set_aside_segments: aside,
    rejected_spans: rejected = 0,
    lost_by_senders: losses = [],
  } = status;
  // What a sender left out on purpose is no loss.
  const lostBySender = losses.filter(({ reason }) => reason !== 'sampled');
  const lostBefore = lostBySender.reduce((sum, { spans }) => sum + spans, 0);
  return [
    ...(lag > LAG_SECONDS_MAX
      ? [`Traces are ${writeAge(lag)} behind: the trace store does not keep up.`]
      : []),
    ...(lost > 0
      ? [`${count(lost, 'trace')} lost since the server started: the disk bound was reached.`]
      : []),
    ...(cut > 0 ? [`${count(cut, 'trace')} kept without content since the server started.`] : []),
    ...(rejected > 0 ? [`${count(rejected, 'received span')} refused since the server started.`] : []),
    ...(lostBefore > 0
      ? [`${count(lostBefore, 'span')} lost by senders in the last 24 hours (${writeReasons(lostBySender)}).`]
      : []),
    ...(aside > 0 ? [`${count(aside, 'trace file')} set aside: the trace store refuses them.`] : []),
  ];
}

const reasons = new Map([
  ['queue_full', 'their queue was full'],
  ['too_large', 'too large to send'],
  ['rejected', 'refused here'],
  ['unreachable', 'this server did not answer'],
  ['redaction_failed', 'their redaction failed'],
]);

const writeReasons = (lost: NonNullable<IngestStatus['lost_by_senders']>): string =>
  lost.map(({ reason }) => reasons.get(reason) ?? reason).join(', ');

const count = (number: number, noun: string): string =>
  number === 1 ? `1 ${noun} was` : `${number.toLocaleString('en-US')} ${noun}s were`;

const writeAge = (seconds: number): string =>
  seconds < 120 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`;
