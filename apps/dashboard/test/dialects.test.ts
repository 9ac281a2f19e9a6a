import type { CreatedKey } from '@app/contract';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { dialectCalls } from './dialect-calls.ts';
import { skipsBrowser } from './open-browser.ts';
import { HOSTILE, RICH_MODEL } from './open-provider.ts';
import { openSignedIn, type SignedIn } from './open-signed-in.ts';
import { poll } from './poll.ts';

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const LINES = 50_000;

describe.skipIf(skipsBrowser())('traces of every dialect in a browser', () => {
  let world: SignedIn;
  let page: Page;
  let testKey = '';
  let liveKey = '';

  beforeAll(async () => {
    world = await openSignedIn('dialects');
    page = world.page;
    [testKey, liveKey] = [await createKey('test'), await createKey('live')];
  }, 120_000);
  afterAll(() => world?.close());
  afterEach(async () => {
    await page.setViewportSize(WIDE);
    expect(world.browser.takeTrouble()).toEqual([]);
  });

  const drawer = () => page.getByRole('dialog', { name: 'Trace' });
  const tab = (name: string) => drawer().getByRole('tab', { name, exact: true });
  const button = (name: string | RegExp) => drawer().getByRole('button', { name });
  const traces = () => page.getByRole('link', { name: /open the trace/ });
  const createKey = async (mode: 'test' | 'live') =>
    (await world.ask<CreatedKey>('POST', `${world.project}/keys`, { name: mode, mode })).secret;
  /** Opens the newest of the traces that a filter leaves. */
  const open = async (search: string, count: number) => {
    await world.goTo(`/traces?${search}`);
    await poll(() => traces().count()).toBe(count);
    await traces().first().click();
    await drawer().waitFor();
  };
  const overflowing = () =>
    page.evaluate(`[...document.querySelectorAll('[role=dialog] *')]
      .filter((each) => each.getBoundingClientRect().right > innerWidth + 1).length`);

  test.each(dialectCalls.map((call, at) => ({ ...call, at })))(
    'a call to $path is read as a person reads it, on a desk and on a phone',
    async ({ kind, dialect, path, body, asked, answered, hasPicture, at }) => {
      expect(await world.server.call(testKey, body, path)).toBe(200);
      await open('mode=test', at + 1);
      await drawer().getByText(kind, { exact: true }).waitFor();
      for (const text of asked) await drawer().getByText(text).first().waitFor();
      expect(await drawer().locator('img').count()).toBe(hasPicture ? 1 : 0);
      if (hasPicture) {
        const width = `document.querySelector('[role=dialog] img').naturalWidth`;
        await poll(() => page.evaluate(width)).toBe(1);
      }
      await tab('Response').click();
      for (const text of answered) await drawer().getByText(text).first().waitFor();
      await tab('Details').click();
      await drawer().getByText(dialect, { exact: true }).waitFor();
      await page.setViewportSize(PHONE);
      for (const name of ['Request', 'Response', 'Timing', 'Details']) {
        await tab(name).click();
        expect(await overflowing(), name).toBe(0);
      }
    },
  );

  test('a reply shows its thinking, sources, refusal, picture, sound and likelihoods, and none of it runs', async () => {
    const messages = [{ role: 'user', content: 'How high is the tower?' }];
    const body = { model: RICH_MODEL, messages, logprobs: true, top_logprobs: 1 };
    expect(await world.server.call(liveKey, body)).toBe(200);
    await open('mode=live', 1);
    await tab('Response').click();
    await drawer().getByText('Two facts are asked for').waitFor();
    const link = drawer().getByRole('link', { name: /The tower, measured/ });
    expect(await link.first().getAttribute('href')).toBe('https://example.com/tower');
    expect(await link.first().getAttribute('rel')).toBe('noreferrer noopener nofollow');
    await drawer().getByText('javascript:alert(3)').waitFor();
    await drawer().getByText('I will not say more than that.').waitFor();
    await drawer().getByText('Three hundred and thirty metres.').waitFor();
    await button('How likely each token was (1)').press('Enter');
    await drawer().getByText('99.0 %').waitFor();
    await tab('Details').click();
    await drawer().getByText('flex', { exact: true }).waitFor();
    expect(await drawer().locator('a:not([href^="http"], [href^="/"]), script, audio').count()).toBe(0);
    expect(await page.getByText(HOSTILE).count()).toBe(0);
  });

  test('what another dialect could not say is told in the words of the caller', async () => {
    const content = [{ type: 'text', text: 'How high is it?', cache_control: { type: 'ephemeral' } }];
    const body = { model: RICH_MODEL, max_tokens: 500, top_k: 5, messages: [{ role: 'user', content }] };
    expect(await world.server.call(liveKey, body, '/v1/messages')).toBe(200);
    await open('mode=live', 2);
    await button(/loss(es)? in translation/).click();
    await drawer().getByRole('heading', { name: 'Lost in translation' }).waitFor();
    await drawer().getByText('top_k', { exact: true }).waitFor();
    await drawer().getByText('left out').first().waitFor();
    await drawer().getByText('On the way back to the caller').waitFor();
  });

  test('a body of fifty thousand lines stays quick, also when all of it is shown', async () => {
    const input = Array.from({ length: LINES }, (_, at) => `line ${at}`).join('\n');
    expect(await world.server.call(testKey, { model: 'gpt-4o-mini', prompt: input }, '/v1/completions')).toBe(
      200,
    );
    await open('mode=test', dialectCalls.length + 1);
    await button(/^Show all of/).click();
    await drawer()
      .getByText(`line ${LINES - 1}`)
      .waitFor({ state: 'attached' });
    await drawer().getByRole('button', { name: 'JSON', exact: true }).click();
    await button(/^Show all of/).click();
    await tab('Details').click();
    await drawer().getByText('OpenAI Completions', { exact: true }).waitFor();
  });

  test('two calls of one trace are one step of the drawer, which says that there are two', async () => {
    const headers = {
      authorization: `Bearer ${testKey}`,
      'content-type': 'application/json',
      traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`,
    };
    for (const prompt of ['first of two', 'second of two']) {
      const body = JSON.stringify({ model: 'gpt-4o-mini', prompt });
      const answer = await fetch(`${world.server.url}/v1/completions`, { method: 'POST', headers, body });
      expect(answer.status).toBe(200);
      await answer.text();
    }
    await open('mode=test', dialectCalls.length + 3);
    await drawer().getByText('This trace holds 2 calls.').waitFor();
    await tab('Timing').click();
    await drawer().getByText('Call 2 of 2').waitFor();
    await page.keyboard.press('j');
    await drawer().getByText('Whole call').waitFor();
    await page.keyboard.press('k');
    await drawer().getByText('Call 1 of 2').waitFor();
  });

  test('content that cannot be drawn is shown as its JSON, and the drawer stays', async () => {
    const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'y'.repeat(42_424) }] };
    expect(await world.server.call(testKey, body)).toBe(200);
    await open('mode=test', dialectCalls.length + 4);
    await tab('Timing').click();
    await page.evaluate(`{
      const write = Number.prototype.toLocaleString;
      Number.prototype.toLocaleString = function (...how) {
        if (Number(this) === 42424) throw new Error('on purpose');
        return write.apply(this, how);
      };
    }`);
    await tab('Request').click();
    await drawer().getByText('This has a form that cannot be shown for reading.').waitFor();
    await drawer().locator('pre').getByText('yyyyyyyy').waitFor();
    await tab('Details').click();
    await drawer().getByText('OpenAI Chat', { exact: true }).waitFor();
    expect(world.browser.takeTrouble().every((one) => one.includes('on purpose'))).toBe(true);
  });
});
