import { dialects } from '@app/protocol';
import { aCall, aPrincipal, aTarget, createMemorySnapshot } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import { chat, messages, openTestJourney } from '../../test/open-test-journey.ts';
import { plan } from './plan.ts';

const [one, two, three] = ['one', 'two', 'three'].map((model) => aTarget({ model }));
if (one === undefined || two === undefined || three === undefined)
  throw new Error('Three targets were made.');
const snapshot = createMemorySnapshot({
  models: { one: [one], two: [two, three], three: [three] },
  testModels: { one: [three] },
  order: ['three', 'one'],
});

function planned(
  model: string | undefined,
  preferences: string[] = [],
  changes: { mode?: 'test'; attemptsMax?: number } = {},
) {
  const { mode = 'live', attemptsMax = 4 } = changes;
  const asked = {
    dialect: dialects['openai-chat'],
    principal: aPrincipal({ mode }),
    modelPreferences: preferences,
  };
  return plan({ call: aCall({ model }), asked, snapshot, attemptsMax });
}

const route = (mode: string, ...targets: unknown[]) => ({ ok: true, value: { mode, targets } });

describe('a call goes', () => {
  test('to whoever serves the model that it names, and to nobody else', () => {
    expect(planned('two')).toEqual(route('pinned', two, three));
  });

  test('to its preferred models in their order, and then down the configured order, each target once', () => {
    expect(planned('auto', ['nobody', 'one', 'two'])).toEqual(route('preferred', one, two, three));
  });

  test('to the named model first, then to the preferred ones', () => {
    expect(planned('two', ['one'])).toEqual(route('pinned', two, three, one));
  });

  test('down the configured order when it names none, however it says so', () => {
    for (const model of [undefined, '', 'auto', 'auto:cost']) {
      expect(planned(model)).toEqual(route('default', three, one));
    }
  });

  test('to no more targets than may be tried', () => {
    expect(planned(undefined, ['two', 'one'], { attemptsMax: 2 })).toEqual(route('preferred', two, three));
  });

  test('to what its mode of key may reach', () => {
    expect(planned('one', [], { mode: 'test' })).toEqual(route('pinned', three));
  });
});

test('a model that nobody serves is a 404 that names it, in the dialect of the caller, and is recorded', () => {
  for (const asked of [chat({ model: 'gpt-nine' }), messages({ model: 'gpt-nine' })]) {
    const journey = openTestJourney();
    const caller = journey.call(asked);
    expect(caller.status()).toBe(404);
    expect(caller.text()).toContain('gpt-nine');
    expect(caller.headers()['x-should-retry']).toBe('false');
    expect(journey.record()).toMatchObject({
      status: 404,
      errorCode: 'model_not_found',
      modelAsked: 'gpt-nine',
      cost: { nanos: 0, label: 'exact' },
      request: expect.stringContaining('gpt-nine'),
      reply: undefined,
    });
  }
});

test('the name of an unknown model is neither repeated at length nor put into a header', () => {
  const journey = openTestJourney();
  const caller = journey.call(chat({ model: `x\r\nset-cookie: a=b${'y'.repeat(100_000)}` }));
  expect(caller.text().length).toBeLessThan(1_000);
  expect(JSON.stringify(caller.headers())).not.toContain('set-cookie');
  expect(journey.record().modelAsked?.length).toBeLessThan(1_100);
});
