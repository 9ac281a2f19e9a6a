import type { CreatedKey, IngestBatch } from '@app/contract';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { skipsBrowser } from './open-browser.ts';
import { openSignedIn, type SignedIn } from './open-signed-in.ts';
import { findNameless, readHeadingLevels } from './page-facts.ts';

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const TRACE = 'a'.repeat(32);
const HUGE = 'b'.repeat(32);
const spanId = (number: number): string => number.toString(16).padStart(16, '0');

/** Each page with what stands on it when its data has come. */
const PAGES = {
  '/sessions': 'trip-7',
  '/sessions/trip-7': 'asked',
  '/users': 'ann@example.com',
  '/prompts': 'travel',
  '/prompts/name%3Atravel': 'v3',
  '/model-usage': 'gpt-4o-mini',
  '/spend?by=user_id': 'ann@example.com',
  '/connect': 'Send traces',
  [`/traces/${TRACE}`]: 'Plan a trip',
  [`/traces/${TRACE}?view=timeline`]: 'Plan a trip',
  [`/compare?left=${TRACE}&right=${HUGE}`]: 'Difference',
};

type Batch = NonNullable<IngestBatch['spans']>;

/** An agent that asks a model once and calls a tool that fails. */
function agentRun(nowMs: number): Batch {
  const common: Pick<
    Batch[number],
    'trace_id' | 'outcome' | 'user_id' | 'session_id' | 'start_ms' | 'end_ms'
  > = {
    trace_id: TRACE,
    outcome: 'ok',
    user_id: 'ann@example.com',
    session_id: 'trip-7',
    start_ms: nowMs - 5_000,
    end_ms: nowMs - 1_000,
  };
  return [
    { ...common, span_id: spanId(1), type: 'agent', name: 'Plan a trip', tags: ['beta'] },
    {
      ...common,
      span_id: spanId(2),
      parent_span_id: spanId(1),
      type: 'generation',
      name: 'ask the model',
      provider: 'openai',
      model: 'gpt-4o-mini',
      ttft_ms: 300,
      stream: true,
      dialect: 'openai-chat',
      usage: { input_fresh: 1_000, output_text: 200 },
      prompt: { name: 'travel', version: 'v3' },
      redactions: { EMAIL: 1 },
      input: {
        model: 'gpt-4o-mini',
        messages: [
          { role: 'system', content: 'You book trips.' },
          { role: 'user', content: 'Send the ticket to [EMAIL_1], please.' },
        ],
      },
      output: {
        choices: [{ message: { role: 'assistant', content: 'It is booked.' }, finish_reason: 'stop' }],
      },
    },
    {
      ...common,
      span_id: spanId(3),
      parent_span_id: spanId(1),
      type: 'tool',
      name: 'search_flights',
      outcome: 'failed',
      error: { code: 'timeout', message: 'The airline did not answer.' },
      input: { to: 'Rome' },
      dialect: 'json',
    },
  ];
}

/** Ten thousand spans, ten at each parent. */
const hugeRun = (nowMs: number): Batch =>
  Array.from({ length: 10_000 }, (_, at) => ({
    trace_id: HUGE,
    span_id: spanId(at + 1),
    ...(at === 0 ? {} : { parent_span_id: spanId(Math.floor((at - 1) / 10) + 1) }),
    type: 'chain',
    name: `step ${at}`,
    outcome: 'ok',
    start_ms: nowMs - 20_000 + at,
    end_ms: nowMs - 19_000 + at,
  }));

const poll = <Value>(read: () => Promise<Value>) => expect.poll(read, { timeout: 30_000, interval: 100 });

describe.skipIf(skipsBrowser())('traces from elsewhere in a browser', { timeout: 60_000 }, () => {
  let world: SignedIn;
  let page: Page;

  beforeAll(async () => {
    world = await openSignedIn('tracing');
    page = world.page;
    const key = await world.ask<CreatedKey>('POST', `${world.project}/keys`, {
      name: 'sender',
      kind: 'ingest',
    });
    const send = async (spans: Batch) => {
      const answer = await fetch(`${world.server.url}/v1/ingest`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key.secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({ sdk: { name: 'test', version: '1' }, environment: 'staging', spans }),
      });
      expect([answer.status, await answer.json()]).toMatchObject([200, { rejected: [] }]);
    };
    await send(agentRun(Date.now()));
    await send(hugeRun(Date.now()));
  }, 120_000);
  afterAll(async () => {
    await world?.close();
  });
  afterEach(async () => {
    await page.setViewportSize(WIDE);
    expect(world.browser.takeTrouble()).toEqual([]);
  });

  const goTo = (path: string) => world.goTo(path);
  const tree = () => page.getByRole('tree');
  const tab = (name: string) => page.getByRole('tab', { name, exact: true });

  test('ten thousand spans that were sent arrive', async () => {
    await poll(async () => {
      const found = await world.ask<{ span_count?: number }>('GET', `${world.project}/traces/${HUGE}/spans`);
      return found.span_count;
    }).toBe(10_000);
    world.browser.takeTrouble();
  });

  test('a whole trace is a tree that the keyboard walks, and what failed is seen first', async () => {
    await goTo('/traces?of=traces');
    await page
      .getByRole('link', { name: /open the trace/ })
      .first()
      .waitFor();
    await goTo(`/traces/${TRACE}`);
    await page.getByRole('heading', { name: 'search_flights' }).waitFor();
    await page.getByText('The airline did not answer.').waitFor();
    await tree().focus();
    await page.keyboard.press('Home');
    await page.getByRole('heading', { name: 'Plan a trip', level: 2 }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await poll(() => tree().getByRole('treeitem').count()).toBe(1);
    await page.keyboard.press('ArrowRight');
    await poll(() => tree().getByRole('treeitem').count()).toBe(3);
  });

  test('a call shows its messages, where something private was, its answer and how its cost came about', async () => {
    await goTo(`/traces/${TRACE}?span=${spanId(2)}`);
    await page.getByText('Send the ticket to').waitFor();
    expect(await page.locator('mark').innerText()).toBe('[EMAIL_1]');
    await tab('Response').click();
    await page.getByText('It is booked.').waitFor();
    await tab('Cost').click();
    await page.getByRole('cell', { name: 'Together' }).waitFor();
    await tab('Raw').click();
    await page.getByText('"travel"').first().waitFor();
    await tab('Timing').click();
    await page.getByText('Output speed').waitFor();
  });

  test('ten thousand spans are searched, and only those in view are drawn', async () => {
    await goTo(`/traces/${HUGE}`);
    await tree().getByRole('treeitem').first().waitFor();
    expect(await tree().getByRole('treeitem').count()).toBeLessThan(100);
    await page.getByLabel('Search the spans').fill('step 9999');
    await page.getByText('1 of 10,000 spans').waitFor();
    await tree().getByRole('treeitem').click();
    await page.getByRole('heading', { name: 'step 9999' }).waitFor();
  });

  test('a filter is written, shown in the address, and one that cannot be read says where', async () => {
    await goTo('/traces?of=spans');
    await page.getByLabel('Filter', { exact: true }).fill('type:tool');
    await page.keyboard.press('Enter');
    await poll(async () => new URL(page.url()).searchParams.get('filter')).toBe('type:tool');
    await poll(() => page.getByRole('link', { name: /open the trace/ }).count()).toBe(1);
    await page.getByLabel('Filter', { exact: true }).fill('cost>lots');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'At character' }).waitFor();
    world.browser.takeTrouble();
  });

  test('the environment that is chosen stays from page to page', async () => {
    await goTo('/traces?environment=staging');
    await page.getByRole('link', { name: 'Models', exact: true }).first().click();
    await page.getByRole('heading', { name: 'Models' }).waitFor();
    expect(new URL(page.url()).searchParams.get('environment')).toBe('staging');
  });

  test.each(Object.entries(PAGES))('%s fits a phone and can be read out', async (path, text) => {
    for (const size of [WIDE, PHONE]) {
      await page.setViewportSize(size);
      await goTo(path);
      await page.getByRole('main').getByText(text).first().waitFor();
      expect(await findNameless(page)).toEqual([]);
      const levels = await readHeadingLevels(page);
      expect(levels.filter((level) => level === 1)).toEqual([1]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    }
  });
});
