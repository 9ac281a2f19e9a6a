import type { DialectId, Frame } from '@app/protocol';

/** What closes a stream that succeeded, by dialect. It leaves only after the call's record is safe. */
const CLOSING: { [dialect in DialectId]: Frame } = {
  'openai-chat': { data: '[DONE]' },
  'anthropic-messages': { event: 'message_stop', data: '{"type":"message_stop"}' },
};

export function isClosingFrame(dialect: DialectId, frame: Frame): boolean {
  const closing = CLOSING[dialect];
  if (closing.event !== undefined) return frame.event === closing.event;
  return frame.data === closing.data;
}

/** For a provider that completed its reply and closed the connection without the frame. */
export function closingFrame(dialect: DialectId): Frame {
  return CLOSING[dialect];
}
