import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from './load-lines.ts';
import { createLoadMemory, divideMemory } from './load-memory.ts';
import { createPriceOf, NO_PRICES } from './price-of.ts';
import { readBatch } from './received/read-batch.ts';
import type { BatchHead } from './received/received-span.ts';
import { buildBatchRows } from './received-rows.ts';
import { createDigestOf } from './segment-loads.ts';

const receivedAtMs = Date.UTC(2026, 4, 1);
const head: BatchHead = {
  ...{ kind: 'batch', batchSource: 'otlp-json', receivedAtMs, organizationId: 'o', projectId: 'p' },
  ...{ keyId: 'k', mode: 'live', environment: 'production', capture: 'full' },
};

function linesWith(texts: readonly string[]) {
  const span = {
    ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: texts[0] },
    ...{ startTimeUnixNano: `${receivedAtMs}000000`, endTimeUnixNano: `${receivedAtMs}000000` },
    attributes: [
      { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
      ...texts.map((text, place) => ({ key: `text_${place}`, value: { stringValue: text } })),
      { key: 'tokenrouter.request_id', value: { stringValue: texts.at(-1) } },
    ],
  };
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
  const deps = { digestOf: createDigestOf(createSecretKey(Buffer.alloc(32, 1)), 'p'), shared: new Map() };
  const priceOf = createPriceOf(NO_PRICES);
  const rows = buildBatchRows(readBatch('otlp-json', body, head), head, { ...deps, priceOf });
  return [...linesOf({ kind: 'batch', rows, projectId: 'p', atMs: receivedAtMs })];
}

test('no line takes more room than it said, whatever is in it', () => {
  const unit = fc.constantFrom('a', '"', '\\', '\n', '\u0001', '\u2028', 'é', '漢', '😀', '\ud800', '\udc00');
  const text = fc.string({ unit, minLength: 0, maxLength: 3_000, size: 'max' });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (texts) => {
      for (const line of linesWith(texts)) {
        const written = line.table === 'contents' ? `${JSON.stringify(line.row)}\n` : line.text;
        expect(Buffer.byteLength(written)).toBeLessThanOrEqual(line.bytes);
      }
    }),
    { seed: 6, numRuns: 100 },
  );
});

test('rows are divided by their tables, and a line that is longer than it said is refused', () => {
  const lines = linesWith(['hello']);
  const tables = divideMemory(createLoadMemory(), lines);
  for (const line of lines) if (line.table !== 'contents') tables.put(line.table, line.text);
  const written = lines.filter(({ table }) => table === 'spans').map((line) => 'text' in line && line.text);
  expect(tables.read('spans').toString()).toBe(written.join(''));
  expect(tables.read('scores').toString()).toBe('');
  expect(() => tables.put('spans', `${'x'.repeat(5_000)}\n`)).toThrow('longer than it said');
});

test('memory is used again for the next load, unless somebody may still read it', () => {
  const memory = createLoadMemory();
  const first = memory.take(10);
  first.write('first load');
  const second = memory.take(10);
  expect(second.buffer).toBe(first.buffer);
  memory.leave();
  memory.take(10).write('third load');
  expect(second.toString()).toBe('first load');
});
