import type { StopReason } from '../event.ts';

const READ: ReadonlyMap<string, StopReason> = new Map([
  ['end_turn', 'end'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['stop_sequence', 'stop-sequence'],
  ['refusal', 'refusal'],
  ['pause_turn', 'pause'],
]);

const WRITE: Record<StopReason, string> = {
  end: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'stop-sequence': 'stop_sequence',
  refusal: 'refusal',
  pause: 'pause_turn',
  other: 'end_turn',
};

export function readStop(raw: string): StopReason {
  return READ.get(raw) ?? 'other';
}

/** The provider's own word is kept when it is one of this dialect. */
export function writeStop(stop: StopReason, raw: string | undefined): string {
  return raw !== undefined && READ.has(raw) ? raw : WRITE[stop];
}
