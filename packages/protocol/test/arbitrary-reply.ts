import type fc from 'fast-check';
import type { CallerDialectId, Reply } from '../src/index.ts';
import { arbitraryChatReply } from './arbitrary-chat-reply.ts';
import { arbitraryCompletionsReply } from './arbitrary-completions-reply.ts';
import { arbitraryGeminiReply } from './arbitrary-gemini-reply.ts';
import { arbitraryMessagesReply } from './arbitrary-messages-reply.ts';
import { arbitraryResponsesReply } from './arbitrary-responses-reply.ts';

const REPLIES: Record<CallerDialectId, fc.Arbitrary<Reply>> = {
  'openai-chat': arbitraryChatReply,
  'openai-responses': arbitraryResponsesReply,
  'openai-completions': arbitraryCompletionsReply,
  'anthropic-messages': arbitraryMessagesReply,
  gemini: arbitraryGeminiReply,
};

/** Replies as one dialect can say them: what another order or class would be changed by is left out. */
export function arbitraryReply(dialect: CallerDialectId): fc.Arbitrary<Reply> {
  return REPLIES[dialect];
}
