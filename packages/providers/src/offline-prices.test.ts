import net from 'node:net';
import { findProvider } from '@pydantic/genai-prices';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPrice } from './find-price.ts';
import { knownProviders } from './known-providers.ts';
import { listModels } from './list-models.ts';
import { priceUsage } from './price-usage.ts';

const at = new Date('2026-11-01T12:00:00Z');
const { fetch: realFetch } = globalThis;
const { connect: realConnect } = net.Socket.prototype;
let tries = 0;

/** A machine without a network: whoever tries is counted and fails. */
beforeAll(() => {
  const refuse = (): never => {
    tries += 1;
    throw new Error('There is no network.');
  };
  globalThis.fetch = refuse;
  net.Socket.prototype.connect = refuse;
});
afterAll(() => {
  globalThis.fetch = realFetch;
  net.Socket.prototype.connect = realConnect;
});

const named = Object.entries(knownProviders).flatMap(([providerId, { baseUrl }]) =>
  listModels(providerId, baseUrl).map(({ id }) => ({ providerId, baseUrl, model: id })),
);

test('every listed model has its price on a machine without a network, and nothing tries to reach one', () => {
  expect(() => net.connect(80, '127.0.0.1')).toThrow('There is no network.');
  const before = tries;
  expect(named.length).toBeGreaterThan(300);
  for (const asked of named) {
    const cost = priceUsage({ inputFresh: 1_000_000, outputText: 1_000_000 }, findPrice({ ...asked, at }));
    expect(cost.label, asked.model).toBe('exact');
  }
  expect(tries).toBe(before);
});

test('the table has no price of nothing, so a cost of nothing is never a hole in it', () => {
  const ids = [
    ...new Set(
      named.map(({ providerId, baseUrl }) => findProvider({ providerApiUrl: baseUrl })?.id ?? providerId),
    ),
  ];
  const models = ids.flatMap((id) =>
    (findProvider({ providerId: id })?.models ?? []).map((model) => ({ id, model })),
  );
  expect(models.length).toBeGreaterThan(1_000);
  const free = models.flatMap(({ id, model }) => {
    const price = findPrice({ providerId: id, baseUrl: '', model: model.id, at });
    const usage = { inputFresh: 1_000_000, outputText: 1_000_000 };
    const { nanos, label } = priceUsage(usage, price);
    return label === 'exact' && nanos === 0 ? [`${id}/${model.id}`] : [];
  });
  expect(free).toEqual([]);
});
