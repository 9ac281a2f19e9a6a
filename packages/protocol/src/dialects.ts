import { anthropicMessages } from './anthropic-messages/dialect.ts';
import type { Dialect, DialectId } from './dialect.ts';
import { openaiChat } from './openai-chat/dialect.ts';

/** Every wire format we speak. */
export const dialects: Record<DialectId, Dialect> = {
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
};
