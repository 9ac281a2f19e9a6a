import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FilterTree, parseFilter } from '../index.ts';

function treeOf(text: string): FilterTree | undefined {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${parsed.at}: ${parsed.message}`);
  return parsed.filter;
}
const faultOf = (text: string) => {
  const parsed = parseFilter(text);
  return parsed.ok ? undefined : { at: parsed.at, message: parsed.message };
};
const same = (field: string, text: string) => ({ kind: 'is', field, value: { how: 'same', text } });

describe('what a filter says', () => {
  test.each<[string, unknown]>([
    ['', undefined],
    ['   ', undefined],
    ['model:gpt-5', same('model', 'gpt-5')],
    ['model:openai/gpt-5:free', same('model', 'openai/gpt-5:free')],
    ['user:"ann \\"the\\" b"', same('user', 'ann "the" b')],
    ['user_id:""', same('user', '')],
    ['-environment:production', { kind: 'not', of: same('environment', 'production') }],
    ['NOT environment:production', { kind: 'not', of: same('environment', 'production') }],
    ['model!=a', { kind: 'not', of: same('model', 'a') }],
    ['model:a,"b,c"', { kind: 'any', of: [same('model', 'a'), same('model', 'b,c')] }],
    [
      'model!=a,b',
      {
        kind: 'all',
        of: [
          { kind: 'not', of: same('model', 'a') },
          { kind: 'not', of: same('model', 'b') },
        ],
      },
    ],
    ['status:error', same('outcome', 'failed')],
    ['status>=500', { kind: 'compare', field: 'status', comparison: '>=', value: 500 }],
    ['cost>0.01', { kind: 'compare', field: 'cost', comparison: '>', value: 10_000_000 }],
    ['cost>$0.000000001', { kind: 'compare', field: 'cost', comparison: '>', value: 1 }],
    ['duration>2s', { kind: 'compare', field: 'duration', comparison: '>', value: 2_000_000 }],
    ['latency<1.5m', { kind: 'compare', field: 'duration', comparison: '<', value: 90_000_000 }],
    ['tokens>=10k', { kind: 'compare', field: 'tokens', comparison: '>=', value: 10_000 }],
    ['stream:false', { kind: 'flag', field: 'stream', value: false }],
    ['has:error', { kind: 'has', what: 'error' }],
    ['score.helpful<0.5', { kind: 'compare', field: 'score', key: 'helpful', comparison: '<', value: 0.5 }],
    [
      'score.verdict:good',
      { kind: 'is', field: 'score', key: 'verdict', value: { how: 'same', text: 'good' } },
    ],
    [
      'metadata.plan:pro',
      { kind: 'is', field: 'metadata', key: 'plan', value: { how: 'same', text: 'pro' } },
    ],
    ['attribute.http.code:200', expect.objectContaining({ kind: 'compare', key: 'http.code', value: 200 })],
    ['attribute.http.code:"200"', expect.objectContaining({ kind: 'is', key: 'http.code' })],
    [
      'name:~"sum*"',
      { kind: 'is', field: 'name', value: { how: 'like', pieces: ['sum', ''], ignoresCase: true } },
    ],
    [
      'name~sum',
      { kind: 'is', field: 'name', value: { how: 'like', pieces: ['', 'sum', ''], ignoresCase: true } },
    ],
    [
      'model:gpt-*',
      { kind: 'is', field: 'model', value: { how: 'like', pieces: ['gpt-', ''], ignoresCase: false } },
    ],
    ['model:"gpt-*"', same('model', 'gpt-*')],
    ['"free text"', { kind: 'text', text: 'free text' }],
    ['type:tool kind:step', { kind: 'all', of: [same('type', 'tool'), same('kind', 'step')] }],
    ['tag:a AND tag:b', { kind: 'all', of: [same('tag', 'a'), same('tag', 'b')] }],
    [
      'tag:a tag:b OR tag:c',
      { kind: 'any', of: [{ kind: 'all', of: [same('tag', 'a'), same('tag', 'b')] }, same('tag', 'c')] },
    ],
    [
      'tag:a (tag:b OR tag:c)',
      { kind: 'all', of: [same('tag', 'a'), { kind: 'any', of: [same('tag', 'b'), same('tag', 'c')] }] },
    ],
    ['-(tag:a OR tag:b)', { kind: 'not', of: { kind: 'any', of: [same('tag', 'a'), same('tag', 'b')] } }],
    ['ORDER', { kind: 'text', text: 'ORDER' }],
    [
      'cost:0.5..1',
      {
        kind: 'all',
        of: [
          { kind: 'compare', field: 'cost', comparison: '>=', value: 500_000_000 },
          { kind: 'compare', field: 'cost', comparison: '<=', value: 1_000_000_000 },
        ],
      },
    ],
    ['duration:..2s', { kind: 'compare', field: 'duration', comparison: '<=', value: 2_000_000 }],
    [
      'status:4xx',
      {
        kind: 'all',
        of: [
          { kind: 'compare', field: 'status', comparison: '>=', value: 400 },
          { kind: 'compare', field: 'status', comparison: '<=', value: 499 },
        ],
      },
    ],
  ])('%s', (text, expected) => {
    expect(treeOf(text)).toEqual(expected);
  });

  test.each<[string, number, string]>([
    ['modell:gpt-5', 0, 'There is no field "modell". Is "model" meant?'],
    ['tag:a http://example.com', 6, 'There is no field "http". To look for text, put it in quotation marks.'],
    ['model:', 6, 'A value is missing after "model"'],
    ['model: gpt-5', 6, 'A value is missing after "model"'],
    ['model>5', 6, '"model" is text and cannot be compared with ">"'],
    ['cost>cheap', 5, 'An amount is in dollars'],
    ['duration>2', 9, 'A length of time has a unit'],
    ['tokens>1.5', 7, 'A count is a whole number'],
    ['tokens~5', 7, 'is a number; compare it'],
    ['type:chat', 5, '"type" is one of generation'],
    ['status:bad', 7, '"status" is ok, error, cancelled'],
    ['stream:yes', 7, '"stream" is true or false'],
    ['has:erorr', 4, 'Is has:error meant?'],
    ['has:x', 4, 'It is one of error'],
    ['metadata:pro', 0, '"metadata" needs a name after a point'],
    ['model.x:pro', 0, '"model" has nothing below it'],
    ['cost:..', 5, 'A range needs at least one end'],
    ['cost>1..2', 5, 'A range goes with ":" alone'],
    ['cost>1,2', 0, 'A list of values goes with ":" alone'],
    ['user:"ann', 5, 'A quotation mark is not closed'],
    ['(tag:a', 0, 'A "(" is not closed'],
    ['tag:a)', 5, 'A ")" has no "(" before it'],
    ['tag:a OR', 8, 'Something is missing here'],
    ['tag:a -', 7, 'Something is missing here'],
    ['()', 1, 'cannot stand here'],
    ['""', 0, 'There is nothing to look for'],
    ['name~""', 5, 'There is nothing to look for after "~"'],
  ])('%s is refused at %i with what to write instead', (text, at, message) => {
    expect(faultOf(text)).toEqual({ at, message: expect.stringContaining(message) });
  });

  test.each<[string, { text: string; at: number }]>([
    ['A value has at most 400 characters', { text: `user:${'x'.repeat(401)}`, at: 5 }],
    ['negations go at most 20 deep', { text: '-'.repeat(30), at: 21 }],
    ['Parentheses and negations go at most 20 deep', { text: `${'('.repeat(30)}tag:a`, at: 21 }],
    ['A filter has at most 100 terms', { text: Array.from({ length: 101 }, () => 'a').join(' '), at: 200 }],
    [
      'A list has at most 50 values',
      { text: `tag:${Array.from({ length: 51 }, () => 'a').join(',')}`, at: 104 },
    ],
    ['A filter has at most 4000 characters', { text: 'x'.repeat(4_001), at: 4_000 }],
  ])('it is bounded: %s', (message, { text, at }) => {
    expect(faultOf(text)).toEqual({ at, message: expect.stringContaining(message) });
  });

  test('any text is read or refused at a place within it, and quoted text always comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const parsed = parseFilter(text);
        if (!parsed.ok) expect(parsed.at).toBeLessThanOrEqual(text.length);
        const quoted = `user:"${text.replace(/[\\"]/g, '\\$&')}"`;
        if (text.length <= 400) expect(treeOf(quoted)).toEqual(same('user', text));
      }),
      { seed: 6, numRuns: 500 },
    );
  });
});
