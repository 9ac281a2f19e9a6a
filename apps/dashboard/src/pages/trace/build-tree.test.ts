import type { TreeSpan } from '@app/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildTree, findRows, openRows } from './build-tree.ts';

const span = (id: string, parent: string | null, more: Partial<TreeSpan> = {}): TreeSpan => ({
  span_id: id,
  parent_span_id: parent,
  kind: 'step',
  type: 'span',
  source: 'otlp',
  name: `span ${id}`,
  offset_us: 0,
  duration_us: 10,
  ttft_us: null,
  outcome: 'ok',
  model: null,
  input_tokens: 0,
  output_tokens: 0,
  cost_nanos: 0,
  cost_label: 'exact',
  ...more,
});
const idsOf = (rows: readonly { span: TreeSpan }[]) => rows.map((row) => row.span.span_id).join('');

test('a parent stands before its children, and children in the order of their start', () => {
  const rows = buildTree([
    span('c', 'a', { offset_us: 2 }),
    span('b', 'a', { offset_us: 1 }),
    span('d', 'b', { offset_us: 3 }),
    span('a', null),
  ]);
  expect(rows.map((row) => `${row.span.span_id}${row.depth}`)).toEqual(['a0', 'b1', 'd2', 'c1']);
});

test('a span without its parent stands at the top, and so does the first of a circle', () => {
  expect(idsOf(buildTree([span('b', 'missing', { offset_us: 1 }), span('a', null)]))).toBe('ab');
  const circle = buildTree([span('a', 'b'), span('b', 'a'), span('c', 'a'), span('d', 'd')]);
  expect(idsOf(circle)).toBe('abcd');
});

test('a parent adds up the counted calls below it, and nothing twice', () => {
  const counted = { kind: 'call', cost_nanos: 5, input_tokens: 7, output_tokens: 1 } as const;
  const seen = { kind: 'seen', cost_nanos: 5, input_tokens: 7, output_tokens: 1 } as const;
  const [root] = buildTree([
    span('a', null),
    span('b', 'a', seen),
    span('c', 'b', counted),
    span('d', 'c', { kind: 'attempt', cost_nanos: 5, outcome: 'failed' }),
  ]);
  expect(root).toMatchObject({ below: 3, costNanos: 5, inputTokens: 7, outputTokens: 1, hasFailure: true });
});

test('what is closed hides everything below it', () => {
  const rows = buildTree([span('a', null), span('b', 'a'), span('c', 'b'), span('d', 'a', { offset_us: 1 })]);
  expect(idsOf(openRows(rows, new Set(['b'])))).toBe('abd');
  expect(idsOf(openRows(rows, new Set(['a'])))).toBe('a');
});

test('rows are found by name, model and id', () => {
  const rows = buildTree([span('a', null, { name: 'Plan' }), span('b', 'a', { model: 'gpt-5' })]);
  expect(idsOf(findRows(rows, 'plan'))).toBe('a');
  expect(idsOf(findRows(rows, 'GPT'))).toBe('b');
});

test('every span appears exactly once, whatever its parents are', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const parents = fc.array(fc.constantFrom(...ids, 'missing', null), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(parents, (of) => {
      const rows = buildTree(ids.map((id, at) => span(id, of[at] ?? null)));
      expect([...idsOf(rows)].sort().join('')).toBe('abcdef');
    }),
    { seed: 7 },
  );
});

test('a chain of twenty thousand spans is a tree like any other', () => {
  const chain = Array.from({ length: 20_000 }, (_, at) => span(`s${at}`, at === 0 ? null : `s${at - 1}`));
  const rows = buildTree(chain);
  expect(rows.at(-1)?.depth).toBe(19_999);
  expect(rows[0]?.below).toBe(19_999);
});
