import type { DialectId, Frame } from '@app/protocol';

const CLOSING: { [dialect in DialectId]: Frame } = {
  'openai-chat': { data: '[DONE]' },
  'anthropic-messages': { event: 'message_stop', data: '{"type":"message_stop"}' },
};

/** Closes a stream that succeeded, for a provider that completed its reply and left without the frame. */
export function closingFrame(dialect: DialectId): Frame {
  return CLOSING[dialect];
}
