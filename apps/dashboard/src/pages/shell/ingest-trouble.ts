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
  } = status;
  return [
    ...(lag > LAG_SECONDS_MAX
      ? [`Traces are ${writeAge(lag)} behind: the trace store does not keep up.`]
      : []),
    ...(lost > 0
      ? [`${count(lost, 'trace')} lost since the server started: the disk bound was reached.`]
      : []),
    ...(cut > 0 ? [`${count(cut, 'trace')} kept without content since the server started.`] : []),
    ...(aside > 0 ? [`${count(aside, 'trace file')} set aside: the trace store refuses them.`] : []),
  ];
}

const count = (number: number, noun: string): string =>
  number === 1 ? `1 ${noun} was` : `${number.toLocaleString('en-US')} ${noun}s were`;

const writeAge = (seconds: number): string =>
  seconds < 120 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`;
