import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor } from '../src/index.ts';
import { writeMixedText } from './mixed-text.ts';

const SETTINGS = { seed: 20_261, numRuns: 180 };
const redactor = createRedactor();
const texts = fc
  .tuple(fc.integer(), fc.integer({ min: 1, max: 60 }))
  .map(([seed, count]) => writeMixedText(seed, count));

function stream(text: string, sizes: readonly number[]): string {
  const open = redactor.begin().stream();
  let joined = '';
  let at = 0;
  for (let turn = 0; at < text.length; turn += 1) {
    const next = at + (sizes[turn % sizes.length] ?? 1);
    joined += open.push(text.slice(at, next));
    at = next;
  }
  return joined + open.end();
}

test('for every way of cutting a text the joined stream equals the whole text redacted at once', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(texts, cuts, (text, sizes) => {
      expect(stream(text, sizes)).toBe(redactor.begin().text(text));
    }),
    SETTINGS,
  );
});

test('pieces of one character are as good as any', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(stream(text.slice(0, 3000), [1])).toBe(redactor.begin().text(text.slice(0, 3000)));
    }),
    { ...SETTINGS, numRuns: 12 },
  );
});

test('a text of many stretches is cut where no value is', () => {
  const text = writeMixedText(4, 900);
  expect(text.length).toBeGreaterThan(60_000);
  expect(stream(text, [777])).toBe(redactor.begin().text(text));
});

test('redacting twice changes nothing more, and a placeholder is never touched', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const once = redactor.begin().text(text);
      expect(redactor.begin().text(once)).toBe(once);
    }),
    { ...SETTINGS, numRuns: 400 },
  );
});

test('what a stream holds back is bounded, and prose passes on', () => {
  const open = redactor.begin().stream();
  const text = 'Nothing private is said in this sentence at all. '.repeat(100);
  let passed = 0;
  for (let at = 0; at < text.length; at += 7) {
    passed += open.push(text.slice(at, at + 7)).length;
    expect(at + 7 - passed).toBeLessThanOrEqual(720);
  }
  expect(passed + open.end().length).toBe(text.length);
});

test('what is found is where the text has it, and findings are in order without overlaps', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const findings = redactor.find(text);
      let done = 0;
      for (const { start, end } of findings) {
        expect(start).toBeGreaterThanOrEqual(done);
        expect(end).toBeGreaterThan(start);
        done = end;
      }
      const kept = findings.reduceRight(
        (rest, { start, end }) => rest.slice(0, start) + rest.slice(end),
        text,
      );
      expect(kept).toBe(without(text));
    }),
    { ...SETTINGS, numRuns: 100 },
  );
});

/** The text with its values gone: pseudonyms that no text holds stand for them first. */
function without(text: string): string {
  const marked = createRedactor({ pseudonym: () => 'qzq' })
    .begin()
    .text(text);
  return marked.replace(/\[[A-Z_]+_qzq\]/g, '');
}
