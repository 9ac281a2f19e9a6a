import { expect, test } from 'vitest';
import { readEnding } from './read-ending.ts';

test('why a reply ended is a sentence, with the provider’s own word', () => {
  expect(readEnding({ stop: 'length', rawStop: 'max_tokens' })).toBe(
    'The reply was cut off: it reached the limit of tokens. The provider’s word for it is “max_tokens”.',
  );
  expect(readEnding({ stop: 'stop-sequence', stopSequence: '\n' })).toBe(
    'The reply reached a stop sequence: "\\n".',
  );
  expect(readEnding({ stop: 'stop-sequence' })).toBe('The reply reached a stop sequence.');
  expect(readEnding({ stop: 'constructor' })).toBeUndefined();
  expect(readEnding(null)).toBeUndefined();
});
