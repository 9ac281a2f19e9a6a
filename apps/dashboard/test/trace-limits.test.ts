import type { CreatedKey, Limit, NewBudget, ProviderCredential, TraceList } from '@app/contract';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { skipsBrowser } from './open-browser.ts';
import { FREE_MODEL, GOOD_SECRET, HOSTILE, PLAIN_MODEL, RICH_MODEL } from './open-provider.ts';
import { openSignedIn, type SignedIn } from './open-signed-in.ts';
import { findNameless, readHeadingLevels } from './page-facts.ts';
import { poll } from './poll.ts';

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const TAG = '<b>night</b>';

describe.skipIf(skipsBrowser())('what limits did, in the traces of a browser', { timeout: 60_000 }, () => {
  let world: SignedIn;
  let page: Page;

  beforeAll(async () => {
    world = await openSignedIn('trace-limits');
    page = world.page;
    const credential = { provider: 'hostile', name: 'search team', secret: GOOD_SECRET };
    await world.ask<ProviderCredential>('POST', `${world.project}/provider-credentials`, credential);
  }, 120_000);
  afterAll(() => world?.close());
  afterEach(async () => {
    await page.setViewportSize(WIDE);
    expect(world.browser.takeTrouble()).toEqual([]);
  });

  const drawer = () => page.getByRole('dialog', { name: 'Trace' });
  const fact = (name: string, text: string | RegExp) =>
    drawer()
      .locator('dl > div')
      .filter({ has: page.getByText(name, { exact: true }) })
      .getByText(text)
      .waitFor();
  const traces = () => page.getByRole('link', { name: /open the trace/ });
  const createKey = async (tags: string[]) =>
    (await world.ask<CreatedKey>('POST', `${world.project}/keys`, { name: 'caller', mode: 'live', tags }))
      .secret;
  const call = (key: string, model: string, cap = 60) =>
    world.server.call(key, { model, max_tokens: cap, messages: [{ role: 'user', content: 'Hello there' }] });
  const budget = (tag: string, more: Partial<NewBudget>) =>
    world.ask<{ id: string }>('POST', `${world.project}/budgets`, {
      name: tag,
      scope: { kind: 'tag', id: tag },
      amount_usd: '0.10',
      ...more,
    });
  /** Opens the only trace that a filter leaves, at its details. */
  const open = async (search: string) => {
    await world.goTo(`/traces?${search}`);
    await poll(() => traces().count()).toBe(1);
    await traces().first().click();
    await drawer().getByRole('tab', { name: 'Details', exact: true }).click();
  };
  const overflowing = () =>
    page.evaluate(`[...document.querySelectorAll('[role=dialog] *')]
      .filter((each) => each.getBoundingClientRect().right > innerWidth + 1).length`);

  test('a refused call names its budget, whose name leads to all that it refused, and its tags to theirs', async () => {
    const key = await createKey([TAG, 'batch']);
    const { id } = await budget(TAG, { name: HOSTILE });
    expect(await call(key, PLAIN_MODEL)).toBe(402);
    expect(await call(key, FREE_MODEL)).toBe(200);
    await open(`status=error&tag=${encodeURIComponent(TAG)}`);
    await drawer().getByRole('button', { name: 'refused by a limit' }).waitFor();
    await fact('Tags', 'batch');
    await drawer().getByRole('link', { name: HOSTILE }).click();
    await poll(() => traces().count()).toBe(1);
    await page.getByText(`refused by: ${HOSTILE}`).waitFor();
    expect(new URL(page.url()).searchParams.get('limit_id')).toBe(id);
    await page.getByRole('button', { name: 'Remove the filter refused by' }).click();
    await poll(() => traces().count()).toBe(2);
    await open(`status=ok&tag=${encodeURIComponent(TAG)}`);
    await drawer().getByRole('link', { name: TAG, exact: true }).click();
    await poll(() => traces().count()).toBe(2);
    await page.getByRole('button', { name: 'Remove the filter tag' }).waitFor();
    expect(await page.evaluate('document.querySelectorAll("main b, [role=dialog] b, img").length')).toBe(0);
  });

  test('a call that a spent budget sent elsewhere says which one, and with whose key it was answered', async () => {
    const key = await createKey(['routed']);
    await budget('routed', { name: 'Month of search', action: { kind: 'route', model: FREE_MODEL } });
    expect(await call(key, PLAIN_MODEL)).toBe(200);
    await open('tag=routed');
    await drawer().getByRole('button', { name: 'sent here by a budget' }).waitFor();
    await fact('Sent elsewhere by', 'Month of search');
    await fact('Provider’s key', 'search team');
    await drawer().getByRole('tab', { name: 'Timing', exact: true }).click();
    await drawer()
      .getByText(/key: search team/)
      .waitFor();
    expect(world.received() + (await page.content())).not.toContain(GOOD_SECRET);
  });

  test('a call whose output was capped says by how much, on a phone too', async () => {
    const key = await createKey(['capped']);
    const limit = { name: 'Tokens', scope: { kind: 'tag', id: 'capped' }, measure: 'tokens', period: 'day' };
    await world.ask<Limit>('POST', `${world.project}/limits`, { ...limit, max: 1_000 });
    expect(await call(key, PLAIN_MODEL, 5_000)).toBe(200);
    await open('tag=capped');
    const { data } = await world.ask<TraceList>('GET', `${world.project}/traces?tag=capped`);
    const cap = data[0]?.limits?.output_tokens_max ?? 0;
    expect(cap).toBeGreaterThan(900);
    await drawer().getByRole('button', { name: 'output capped' }).waitFor();
    await fact('Output capped at', `${cap} tokens, by what was left of a limit`);
    expect(await findNameless(page)).toEqual([]);
    const levels = await readHeadingLevels(page);
    expect(levels.filter((level, at) => level - (levels[at - 1] ?? 0) > 1)).toEqual([]);
    await page.setViewportSize(PHONE);
    expect(await overflowing()).toBe(0);
  });

  test('a key’s own limit is told in words, and a call that nothing limited tells of no limits', async () => {
    const key = { name: 'slow', mode: 'live', tags: ['slow'], requests_per_minute_max: 1 };
    const { secret } = await world.ask<CreatedKey>('POST', `${world.project}/keys`, key);
    expect(await call(secret, RICH_MODEL)).toBe(200);
    expect(await call(secret, RICH_MODEL)).toBe(429);
    await open('tag=slow&status=error');
    await fact('Refused by', 'the key’s requests per minute');
    await open('tag=slow&status=ok');
    await fact('Service tier', 'flex');
    expect(await drawer().getByRole('heading', { name: 'Limits' }).count()).toBe(0);
  });
});
