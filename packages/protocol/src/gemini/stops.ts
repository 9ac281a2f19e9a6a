import type { StopReason } from '../event.ts';

/** Source: the reference's `FinishReason`, of both services. */
const READ: ReadonlyMap<string, StopReason> = new Map([
  ['STOP', 'end'],
  ['MAX_TOKENS', 'length'],
  ['SAFETY', 'refusal'],
  ['RECITATION', 'refusal'],
  ['LANGUAGE', 'refusal'],
  ['BLOCKLIST', 'refusal'],
  ['PROHIBITED_CONTENT', 'refusal'],
  ['SPII', 'refusal'],
  ['MODEL_ARMOR', 'refusal'],
  ['IMAGE_SAFETY', 'refusal'],
  ['IMAGE_PROHIBITED_CONTENT', 'refusal'],
  ['IMAGE_RECITATION', 'refusal'],
  ['CONTINUATION', 'pause'],
  ['MALFORMED_FUNCTION_CALL', 'other'],
  ['MALFORMED_RESPONSE', 'other'],
  ['UNEXPECTED_TOOL_CALL', 'other'],
  ['TOO_MANY_TOOL_CALLS', 'other'],
  ['MISSING_THOUGHT_SIGNATURE', 'other'],
  ['NO_IMAGE', 'other'],
  ['IMAGE_OTHER', 'other'],
  ['OTHER', 'other'],
  ['FINISH_REASON_UNSPECIFIED', 'other'],
]);

const WRITE: Record<StopReason, string> = {
  end: 'STOP',
  length: 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'stop-sequence': 'STOP',
  refusal: 'SAFETY',
  pause: 'STOP',
  other: 'OTHER',
};

/** Gemini says `STOP` after tool calls too. */
export function readStop(raw: string, hasToolCalls: boolean): StopReason {
  if (raw === 'STOP' && hasToolCalls) return 'tool-calls';
  return READ.get(raw) ?? 'other';
}

/** The provider's own word is kept when it is one of this dialect. */
export function writeStop(stop: StopReason, raw: string | undefined): string {
  return raw !== undefined && READ.has(raw) ? raw : WRITE[stop];
}

/** True for a word of this dialect. */
export function isOwnStop(raw: string | undefined): boolean {
  return raw !== undefined && READ.has(raw);
}

const BLOCKED = 'blockReason:';

/** A prompt that was refused has no finish reason but a block reason, whose words overlap with those of the other. */
export function rawOfBlock(reason: string): string {
  return `${BLOCKED}${reason}`;
}

export function blockOfRaw(raw: string | undefined): string | undefined {
  return raw?.startsWith(BLOCKED) ? raw.slice(BLOCKED.length) : undefined;
}
