import type { CallerDialectId, JsonObject } from '../../src/index.ts';
import type { FuzzCase } from './draft-case.ts';

/** What the caller of this case asks for, in its own dialect, with the case's canary in it. */
export function askedBody({ caller, asks, canary }: FuzzCase, model: string): JsonObject {
  return { ...BODIES[caller](`Hello ${canary}`), model, stream: asks === 'stream' };
}

const BODIES: { [dialect in CallerDialectId]: (text: string) => JsonObject } = {
  'openai-chat': (content) => ({ messages: [{ role: 'user', content }], user: content }),
  'openai-responses': (input) => ({ input, instructions: input, metadata: { said: input } }),
  'openai-completions': (prompt) => ({ prompt }),
  'anthropic-messages': (content) => ({ max_tokens: 100, messages: [{ role: 'user', content }] }),
  gemini: (text) => ({ contents: [{ role: 'user', parts: [{ text }] }] }),
};
