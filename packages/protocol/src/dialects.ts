import { anthropicMessages } from './anthropic-messages/dialect.ts';
import { bedrockConverse } from './bedrock-converse/dialect.ts';
import type { CallerDialectId, Dialect, DialectId, ProviderDialect } from './dialect.ts';
import { gemini } from './gemini/dialect.ts';
import { openaiChat } from './openai-chat/dialect.ts';
import { openaiCompletions } from './openai-completions/dialect.ts';
import { openaiResponses } from './openai-responses/dialect.ts';

/** Every wire format that callers may speak to us. */
export const dialects: Record<CallerDialectId, Dialect> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-completions': openaiCompletions,
  'anthropic-messages': anthropicMessages,
  gemini,
};

/** Every wire format that we may speak to providers. */
export const providerDialects: Record<DialectId, ProviderDialect> = {
  ...dialects,
  'bedrock-converse': bedrockConverse,
};
