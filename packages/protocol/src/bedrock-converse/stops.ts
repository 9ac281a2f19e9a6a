import type { StopReason } from '../event.ts';

const READ: ReadonlyMap<string, StopReason> = new Map([
  ['end_turn', 'end'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['stop_sequence', 'stop-sequence'],
  ['guardrail_intervened', 'refusal'],
  ['content_filtered', 'refusal'],
]);

/** What is left are outputs that the service could not read (`malformed_model_output`, `malformed_tool_use`). */
export function readStop(raw: string): StopReason {
  return READ.get(raw) ?? 'other';
}
