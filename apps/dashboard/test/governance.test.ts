import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CreatedKey } from '@app/contract';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { skipsBrowser } from './open-browser.ts';
import { openSignedIn, type SignedIn } from './open-signed-in.ts';
import { findNameless, readHeadingLevels } from './page-facts.ts';
import { poll } from './poll.ts';

const WIDE = { width: 1440, height: 900 };
const PROJECT = '/api/v1/projects/default';
/** Each page with what stands on it when its data has come. */
const PAGES = {
  '/audit': 'That is all of it.',
  '/security': 'Check again',
  '/alerts': 'calls of an hour',
  '/alerts?show=history': 'Nothing was told yet',
  '/alerts?show=destinations': 'Send a test',
  '/anomalies': 'Everything is as usual',
  '/settings': 'How long data is kept',
};

/** Whoever is told: keeps what it hears. */
async function openReceiver() {
  const heard: { signature: string; body: string }[] = [];
  const server: HttpServer = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      heard.push({ signature: String(request.headers['x-tokenrouter-signature']), body });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { heard, url: `http://127.0.0.1:${port}/hook/secret-path`, close: () => server.close() };
}

describe.skipIf(skipsBrowser())('governance in a browser', { timeout: 60_000 }, () => {
  let world: SignedIn;
  let page: Page;
  let receiver: Awaited<ReturnType<typeof openReceiver>>;
  let key: CreatedKey;

  beforeAll(async () => {
    [world, receiver] = await Promise.all([openSignedIn('operator'), openReceiver()]);
    page = world.page;
    key = await world.ask<CreatedKey>('POST', `${PROJECT}/keys`, { name: 'caller', mode: 'test' });
  }, 120_000);
  afterAll(async () => {
    await world?.close();
    receiver?.close();
  });
  afterEach(async () => {
    await page.setViewportSize(WIDE);
    expect(world.browser.takeTrouble()).toEqual([]);
  });

  const goTo = (path: string) => world.goTo(path);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const dialog = () => page.getByRole('dialog');
  const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });
  const item = (text: RegExp) => page.getByRole('main').getByRole('listitem').filter({ hasText: text });

  test('what was done stands in the audit log with who did it, and the chain is whole', async () => {
    await goTo('/audit');
    await item(/ada@example\.com\s*created the API key\s*caller/)
      .getByRole('button')
      .click();
    await dialog().getByText('signed in, owner').waitFor();
    await dialog().getByText('127.0.0.1').first().waitFor();
    expect(await dialog().innerText()).not.toContain(key.secret);
    await inDialog('All about this key').click();
    await page.keyboard.press('Escape');
    await page.getByText('target:').waitFor();
    await poll(() => page.getByRole('main').getByRole('listitem').count()).toBe(1);
    await button('Check the chain').click();
    await dialog()
      .getByText(/^All \d+ events are as they were written\.$/)
      .waitFor();
    await inDialog('Close').click();
    const lines = await page.evaluate(
      `fetch(document.querySelector('a[download]').href).then((answer) => answer.text())`,
    );
    expect(JSON.parse(String(lines).trim())).toMatchObject({
      action: 'key.create',
      target: { id: key.key.id },
    });
  });

  test('the owner sees how safe the installation is, and what to do', async () => {
    await goTo('/security');
    await button('Check again').click();
    await page.getByText(/checks found nothing$/).click();
    expect(await page.getByRole('main').getByRole('listitem').count()).toBeGreaterThan(10);
  });

  test('a webhook shows its secret once, and hears a signed test', async () => {
    await goTo('/alerts?show=destinations');
    await button('New destination').first().click();
    await dialog().getByLabel('Name').fill('on-call');
    await dialog().getByLabel('Address').fill(receiver.url);
    await inDialog('Create destination').click();
    await page.getByRole('figure', { name: 'The secret' }).waitFor();
    await inDialog('I have copied it').click();
    await button('Send a test').click();
    await page.getByText('A test message reached on-call.').waitFor();
    expect(receiver.heard[0]?.signature).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
    expect(JSON.parse(receiver.heard[0]?.body ?? '')).toMatchObject({ kind: 'test' });
  });

  test('an alert is made for it, paused and taken up again', async () => {
    await goTo('/alerts');
    await button('New alert').first().click();
    await dialog().getByLabel('Name').fill('calls of an hour');
    await dialog().getByLabel('What is watched').selectOption('calls');
    await dialog().getByLabel('Bound').fill('5');
    await dialog().getByLabel('on-call').check();
    await inDialog('Create alert').click();
    await item(/calls of an hour.*Calls above 5 in one hour/).waitFor();
    for (const [action, word] of [
      ['Pause', /^paused/],
      ['Go on', /^(no data|ok)/],
    ] as const) {
      await button('Actions for calls of an hour').click();
      await page.getByRole('menuitem', { name: action, exact: true }).click();
      await item(word).waitFor();
    }
  });

  test('data is kept as long as somebody says, and deleted with a receipt', async () => {
    const asked = { model: 'sandbox/echo', user: 'eve', messages: [{ role: 'user', content: 'Forget me' }] };
    expect(await world.server.call(key.secret, asked)).toBe(200);
    await goTo('/traces?user_id=eve&mode=test');
    await page.getByRole('link', { name: /open the trace/ }).waitFor();
    await goTo('/settings');
    await page.getByLabel('Contents, days').fill('30');
    await button('Save').click();
    await page.getByText('Saved.').waitFor();
    await page.reload();
    await poll(() => page.getByLabel('Contents, days').inputValue()).toBe('30');
    await button('Delete data').click();
    await dialog().getByLabel('Of a user').fill('eve');
    await inDialog('Count it').click();
    await dialog()
      .getByText(/^1 traces/)
      .waitFor();
    await inDialog('Delete for good').click();
    await item(/done.*user eve.*1 traces/)
      .getByRole('button', { name: 'Copy the receipt' })
      .waitFor({ timeout: 30_000 });
    await goTo('/traces?user_id=eve&mode=test');
    await page.getByText('No trace').first().waitFor();
  });

  test('every page has names, headings in order, and room on a phone', async () => {
    for (const [path, text] of Object.entries(PAGES)) {
      await page.setViewportSize(WIDE);
      await goTo(path);
      await page.getByText(text).first().waitFor();
      expect(await findNameless(page), path).toEqual([]);
      const levels = await readHeadingLevels(page);
      for (const [at, level] of levels.entries())
        expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(390);
    }
  });
});
