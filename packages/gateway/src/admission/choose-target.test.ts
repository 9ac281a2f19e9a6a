import { GatewayError } from '@app/protocol';
import { aTarget, createFakeClock } from '@app/testkit';
import { expect, test } from 'vitest';
import {
  createKeyPool,
  createKeyTier,
  createPooledKey,
  type PooledKey,
} from '../provider-keys/create-key-pool.ts';
import { type Chosen, openChooser } from './choose-target.ts';
import type { Refusal, Reserved } from './reserve.ts';

const reservation = { settle: () => undefined, withdraw: () => undefined };
const taken: Reserved = { ok: true, reservation, counts: [], outputTokensMax: undefined };

function refused(more: Partial<Refusal>): Reserved {
  const error = new GatewayError('budget_exceeded', 'The budget is spent.');
  const refusal = { error, limitId: 'bud_1', mayFitElsewhere: true, budgets: [], ...more };
  return { ok: false, refusal, counts: [] };
}

/** Two models, each with a key of its own; what limits say of each is asked every time. */
function lab(answer: (model: string) => Reserved) {
  const fake = createFakeClock();
  const key = (id: string): PooledKey =>
    createPooledKey({ id, weight: 1, isUsable: () => true, applyTo: (row) => row }, fake.clock);
  const keys = { first: key('first'), second: key('second'), third: key('third') };
  const chosen: Chosen[] = [];
  const chooser = openChooser({
    targets: Object.entries(keys).map(([model, one]) => ({
      ...aTarget(),
      model,
      keys: createKeyPool([createKeyTier([one])], fake.clock),
    })),
    reserve: ({ model }, done) => done(answer(model)),
    reroute: () => [],
    onRouted: () => undefined,
    onRefused: () => undefined,
    clock: fake.clock,
    schedule: fake.schedule,
    settings: { heldWaitMs: 1_000, batchesBeyondLimits: false },
  });
  const next = () => chooser.next((one) => chosen.push(one));
  const models = () => chosen.map((one) => (one.kind === 'target' ? one.target.model : one.kind));
  return { ...fake, keys, chooser, next, models };
}

test('a target that was waited for and then refuses its key rests that key and no other', () => {
  let isHeld = true;
  const { advance, keys, chooser, next, models } = lab((model) =>
    model === 'first' && !isHeld ? taken : refused({ isHeld: model === 'first' }),
  );
  next();
  isHeld = false;
  advance(100);
  expect(models()).toEqual(['first']);
  chooser.onFailed(401, undefined);
  expect(keys.first.health.refusedWith).toBe(401);
  expect(keys.third.health.refusedWith).toBeUndefined();
});

test('a target that was waited for and then fails is followed by the one after it', () => {
  let isHeld = true;
  const { advance, chooser, next, models } = lab((model) =>
    model === 'first' && isHeld ? refused({ isHeld: true, mayFitElsewhere: false }) : taken,
  );
  next();
  isHeld = false;
  advance(100);
  chooser.onFailed(500, undefined);
  next();
  expect(models()).toEqual(['first', 'second']);
});

test('who waits long asks seldom, to the end of the wait and not beyond it', () => {
  let asked = 0;
  const { advance, next, models } = lab(() => {
    asked += 1;
    return refused({ isHeld: true, mayFitElsewhere: false });
  });
  next();
  for (let ms = 0; ms < 900; ms += 10) advance(10);
  expect(models()).toEqual([]);
  for (let ms = 0; ms < 200; ms += 10) advance(10);
  expect(models()).toEqual(['refused']);
  expect(asked).toBeLessThanOrEqual(9);
});
