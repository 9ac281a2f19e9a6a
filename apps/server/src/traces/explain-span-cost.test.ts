import type { Price } from '@app/providers';
import type { FoundSpan } from '@app/store';
import { expect, test } from 'vitest';
import { explainSpanCost } from './explain-span-cost.ts';

const price: Price = {
  version: 'table of May',
  rates: { inputFresh: 1_250_000, outputText: 10_000_000 },
  tiers: [],
};
const findPrice = () => price;

type Change = {
  span?: Partial<FoundSpan['span']>;
  billed?: Partial<FoundSpan['billed']>;
  givenNanos?: string;
};

function found({ span = {}, billed = {}, givenNanos = undefined }: Change = {}): FoundSpan {
  const about: Partial<FoundSpan['span']> = { kind: 'call', source: 'otlp', ...span };
  return {
    span: about as FoundSpan['span'],
    billed: {
      traceId: 't',
      spanId: 's',
      parentSpanId: '',
      provider: 'openai',
      model: 'gpt-5',
      startedNanos: '1777593600000000000',
      version: 1,
      usage: { inputFresh: 1_000, outputText: 100 },
      billing: {},
      cost: { nanos: 2_250_000, label: 'exact', priceVersion: 'table of May' },
      ...billed,
    },
    givenNanos: givenNanos ?? null,
    request: null,
    reply: null,
    attributes: null,
  };
}

test('counts times rates add up to what is stored', () => {
  const evidence = explainSpanCost(found({ givenNanos: '2300000' }), findPrice);
  expect(evidence).toEqual({
    label: 'exact',
    price_version: 'table of May',
    given: { nanos: 2_300_000, usd: '0.0023' },
    note: null,
    lines: [
      { what: 'input', count: 1_000, rate: '1.25', cost: { nanos: 1_250_000, usd: '0.00125' } },
      { what: 'output', count: 100, rate: '10', cost: { nanos: 1_000_000, usd: '0.001' } },
    ],
  });
});

const unknown = { nanos: 0, label: 'unknown', priceVersion: '' } as const;

test.each<[string, string, { span: FoundSpan; find?: () => Price | undefined }]>([
  ['the same call as its caller saw it', 'not counted twice', { span: found({ span: { kind: 'seen' } }) }],
  ['a step', 'It is no call of a model.', { span: found({ span: { kind: 'step' } }) }],
  [
    'an unknown price',
    'No price is known for gpt-5 of openai',
    { span: found({ billed: { cost: unknown } }) },
  ],
  ['no model', 'No model is known', { span: found({ billed: { cost: unknown, model: '' } }) }],
  [
    'the sandbox',
    'The sandbox answered',
    { span: found({ billed: { cost: { nanos: 0, label: 'sandbox', priceVersion: 'sandbox' } } }) },
  ],
  [
    'a table that is gone',
    'table of May, which is not known here any more',
    { span: found(), find: () => undefined },
  ],
  [
    'another table',
    'the price table of now (table of June) gives 0.000001 dollars',
    {
      span: found(),
      find: () => ({ ...price, version: 'table of June', rates: { inputFresh: 1_000, outputText: 0 } }),
    },
  ],
  [
    'a call of several attempts',
    'the sum of its attempts',
    {
      span: found({
        span: { source: 'gateway' },
        billed: { cost: { nanos: 9, label: 'exact', priceVersion: 'table of May' } },
      }),
    },
  ],
])('without lines it says why: %s', (_, note, { span, find = findPrice }) => {
  expect(explainSpanCost(span, find)).toMatchObject({ lines: [], note: expect.stringContaining(note) });
});
