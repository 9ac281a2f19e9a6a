import { expect, test } from 'vitest';
import { encodeBatch, writeBatch } from './encode-batch.ts';

const head = { sdk: { name: 'tokentrace', version: '1' } };

test.each([
  { spans: [], scores: [] },
  { spans: ['{"a":1}'], scores: ['{"b":2}', '{"c":3}'] },
  {
    spans: Array.from({ length: 300 }, (_, at) => JSON.stringify({ at, text: '語😀é'.repeat(at) })),
    scores: [],
  },
])('the bytes of a batch are those of its text, whatever its letters', (batch) => {
  const bytes = encodeBatch(head, batch, { sampled: 3 });
  expect(new TextDecoder().decode(bytes)).toBe(writeBatch(head, batch, { sampled: 3 }));
  expect(JSON.parse(new TextDecoder().decode(bytes)).spans).toHaveLength(batch.spans.length);
});
