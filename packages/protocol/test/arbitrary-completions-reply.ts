import type fc from 'fast-check';
import type { AssistantPart, Reply } from '../src/index.ts';
import { plainText } from './arbitrary-parts.ts';
import { maybe } from './arbitrary-values.ts';
import { replyOf } from './reply-shape.ts';

/** One text and nothing else. */
export const arbitraryCompletionsReply: fc.Arbitrary<Reply> = replyOf({
  parts: maybe<AssistantPart>(plainText),
  endingsOf: () => [
    { stop: 'end', rawStop: 'stop' },
    { stop: 'length', rawStop: 'length' },
    { stop: 'refusal', rawStop: 'content_filter' },
  ],
  usage: ['inputCacheRead', 'outputThinking'],
});
