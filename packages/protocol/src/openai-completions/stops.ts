import type { StopReason } from '../event.ts';

const READ: ReadonlyMap<string, StopReason> = new Map([
  ['stop', 'end'],
  ['length', 'length'],
  ['content_filter', 'refusal'],
]);

export function readStop(raw: string): StopReason {
  return READ.get(raw) ?? 'other';
}

/** The provider's own word is kept when it is one of this dialect. */
export function writeStop(stop: StopReason, raw: string | undefined): string {
  if (raw !== undefined && READ.has(raw)) return raw;
  if (stop === 'length') return stop;
  return stop === 'refusal' ? 'content_filter' : 'stop';
}
