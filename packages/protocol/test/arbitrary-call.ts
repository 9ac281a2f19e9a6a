import type fc from 'fast-check';
import type { Call, CallerDialectId } from '../src/index.ts';
import { arbitraryChatCall } from './arbitrary-chat-call.ts';
import { arbitraryCompletionsCall } from './arbitrary-completions-call.ts';
import { arbitraryGeminiCall } from './arbitrary-gemini-call.ts';
import { arbitraryMessagesCall } from './arbitrary-messages-call.ts';
import { arbitraryResponsesCall } from './arbitrary-responses-call.ts';

const CALLS: Record<CallerDialectId, fc.Arbitrary<Call>> = {
  'openai-chat': arbitraryChatCall,
  'openai-responses': arbitraryResponsesCall,
  'openai-completions': arbitraryCompletionsCall,
  'anthropic-messages': arbitraryMessagesCall,
  gemini: arbitraryGeminiCall,
};

/** Calls as one dialect can say them. */
export function arbitraryCall(dialect: CallerDialectId): fc.Arbitrary<Call> {
  return CALLS[dialect];
}
