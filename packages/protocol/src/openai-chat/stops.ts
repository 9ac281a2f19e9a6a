import type { StopReason } from '../event.ts';

const READ: ReadonlyMap<string, StopReason> = new Map([
  ['stop', 'end'],
  ['length', 'length'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['content_filter', 'refusal'],
]);

const WRITE: Record<StopReason, string> = {
  end: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'stop-sequence': 'stop',
  refusal: 'content_filter',
  pause: 'stop',
  other: 'stop',
};

/** Some providers say `stop` after tool calls, and a refusal in words also ends in `stop`. */
export function readStop(raw: string, has: { toolCalls: boolean; refusal: boolean }): StopReason {
  if (raw === 'stop' && has.refusal) return 'refusal';
  if (raw === 'stop' && has.toolCalls) return 'tool-calls';
  return READ.get(raw) ?? 'other';
}

/** The provider's own word is kept when it is one of this dialect. */
export function writeStop(stop: StopReason, raw: string | undefined): string {
  return raw !== undefined && raw !== 'function_call' && READ.has(raw) ? raw : WRITE[stop];
}
