import fc from 'fast-check';
import type { Call } from '../src/index.ts';
import { plainText, turn } from './arbitrary-parts.ts';
import { id, samplings } from './arbitrary-values.ts';
import { callOf } from './call-shape.ts';

/** One prompt and nothing else. */
export const arbitraryCompletionsCall: fc.Arbitrary<Call> = callOf({
  dialect: 'openai-completions',
  messages: turn(
    'user',
    plainText.map((part) => [part]),
  ).map((message) => [message]),
  systems: fc.constant([]),
  samplings: samplings(['temperature', 'topP', 'seed', 'frequencyPenalty', 'presencePenalty']),
  stop: fc.array(id, { maxLength: 4 }),
  wishes: { user: id, logprobs: fc.record({ top: fc.integer({ min: 0, max: 5 }) }) },
  extras: fc.dictionary(fc.constantFrom('suffix', 'best_of'), fc.constantFrom('fast', 2)),
  isMaxRequired: false,
  canAskForUsage: true,
});
