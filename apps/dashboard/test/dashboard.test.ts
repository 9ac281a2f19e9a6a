import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { goTo as followTo } from './go-to.ts';
import { openBrowser, skipsBrowser, type TestBrowser } from './open-browser.ts';
import { HOSTILE } from './open-provider.ts';
import { openServer, type Server } from './open-server.ts';
import { findNameless, readHeadingLevels } from './page-facts.ts';
import { poll } from './poll.ts';

const OWNER = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'correct horse battery' };
const WIDE = { width: 1440, height: 900 };
/** Each page with what stands on it when its data has come. */
const PAGES = {
  '/': 'Spend by model',
  '/traces': 'that is all',
  '/keys': 'May do',
  '/budgets': 'No budget yet',
  '/budgets?show=limits': 'No limit but those of the keys',
  '/budgets?show=history': 'Nothing yet: no threshold was passed.',
  '/providers': 'No provider key is kept here',
};

describe.skipIf(skipsBrowser())('the dashboard in a browser', { timeout: 60_000 }, () => {
  let server: Server;
  let browser: TestBrowser;
  let page: Page;
  let testKey = '';

  beforeAll(async () => {
    [server, browser] = await Promise.all([openServer(), openBrowser()]);
    page = browser.page;
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(async () => {
    await page.setViewportSize(WIDE);
    expect(browser.takeTrouble()).toEqual([]);
  });

  const load = (path: string) => page.goto(server.url + path);
  const goTo = (path: string) => followTo(page, server.url + path);
  const heading = (name: string) => page.getByRole('heading', { name, exact: true });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const ask = (text: string, model = 'sandbox/echo') =>
    server.call(testKey, { model, messages: [{ role: 'user', content: text }] });
  const traceLinks = () => page.getByRole('link', { name: /open the trace/ });
  const signIn = async (password = OWNER.password) => {
    await page.getByLabel('E-mail').fill(OWNER.email);
    await page.getByLabel('Password').fill(password);
    await button('Sign in').click();
  };
  const createKey = async (name: string, mode: string) => {
    await goTo('/keys');
    await button('Create key').first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: mode }).click();
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
    await dialog.getByRole('button', { name: 'Copied', exact: true }).waitFor();
    const secret =
      (await page.getByRole('figure', { name: 'The new key' }).locator('pre').textContent()) ?? '';
    await button('I have copied it').click();
    return secret;
  };

  test('an address behind the sign-in leads to the set-up while there is no owner', async () => {
    await load('/traces');
    await heading('Set-up link needed').waitFor();
    expect(new URL(page.url()).pathname).toBe('/setup');
  });

  test('the set-up link makes the owner and leads to an overview that shows the first call', async () => {
    await page.goto('about:blank');
    await page.goto(server.setupLink);
    await page.getByLabel('Name').fill(OWNER.name);
    await page.getByLabel('E-mail').fill(OWNER.email);
    await page.getByLabel('Password').fill(OWNER.password);
    await button('Create the owner').click();
    await heading('Overview').waitFor();
    await heading('No call yet').waitFor();
    expect(await page.getByRole('figure').textContent()).toContain(`curl ${server.url}/v1/chat/completions`);
    expect(page.url()).not.toContain('token');
  });

  test('a new key is shown once and copied whole', async () => {
    testKey = await createKey('checkout', 'Test: sandbox, free');
    expect(testKey).toMatch(/^tr_test_\w{40,}$/);
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(testKey);
    await page.getByRole('row', { name: /checkout/ }).waitFor();
    await page.reload();
    await page.getByRole('row', { name: /checkout/ }).waitFor();
    expect(await page.content()).not.toContain(testKey);
  });

  test('a call appears in the open list by itself', async () => {
    await goTo('/traces');
    await heading('No call yet').waitFor();
    expect(await ask('What is the capital of France?')).toBe(200);
    await page.getByText('What is the capital of France?').waitFor();
    expect(await traceLinks().count()).toBe(1);
  });

  test('the drawer shows request, response and timing, and gives the focus back to its row', async () => {
    await ask('A second question');
    await page.getByText('A second question').waitFor();
    await traceLinks().nth(1).click();
    const drawer = page.getByRole('dialog', { name: 'Trace' });
    await drawer.getByRole('listitem').getByText('What is the capital of France?').waitFor();
    await page.keyboard.press('k');
    await drawer.getByText('A second question').waitFor();
    await drawer.getByRole('tab', { name: 'Response' }).click();
    await drawer.getByText('sandbox', { exact: false }).first().waitFor();
    await drawer.getByRole('tab', { name: 'Timing' }).click();
    await drawer.getByText('Whole call').waitFor();
    await page.keyboard.press('j');
    await drawer.getByText('Whole call').waitFor();
    await drawer.getByRole('tab', { name: 'Details' }).click();
    await drawer.getByRole('link', { name: 'checkout' }).waitFor();
    await drawer.getByRole('button', { name: 'Copy link' }).click();
    const link = String(await page.evaluate('navigator.clipboard.readText()'));
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await poll(() => page.evaluate('document.activeElement.id')).toMatch(/^trace-[0-9a-f]{32}$/);
    await page.goto(link);
    await drawer.getByRole('listitem').getByText('What is the capital of France?').waitFor();
  });

  test('filters stand in the address and survive a reload', async () => {
    expect(await ask('This one fails', 'sandbox/500')).toBeGreaterThanOrEqual(500);
    await goTo('/traces');
    await traceLinks().first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('fails');
    await button('Errors').click();
    await button('24 h').click();
    await poll(() => traceLinks().count()).toBe(1);
    const { searchParams } = new URL(page.url());
    expect(Object.fromEntries(searchParams)).toEqual({ search: 'fails', status: 'error', range: '24h' });
    await page.reload();
    await poll(() => traceLinks().count()).toBe(1);
    expect(await page.getByRole('searchbox').inputValue()).toBe('fails');
    expect(await button('Errors').getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('searchbox').fill('nothing has this');
    await heading('No trace fits these filters').waitFor();
  });

  test('the model of a row becomes a filter that can be taken away', async () => {
    await goTo('/traces');
    await page.getByRole('button', { name: 'sandbox/500: show only this model' }).click();
    await poll(() => traceLinks().count()).toBe(1);
    await button('Remove the filter model').click();
    await poll(() => traceLinks().count()).toBe(3);
  });

  test('a paused list stands still, and follows again when it is told to', async () => {
    await goTo('/traces');
    await poll(() => traceLinks().count()).toBe(3);
    await button('Pause').click();
    await ask('Came while paused');
    const found = await page.evaluate(
      `fetch('/api/v1/projects/default/traces?search=paused').then((r) => r.ok)`,
    );
    expect(found).toBe(true);
    expect(await traceLinks().count()).toBe(3);
    await button('Resume').click();
    await page.getByText('Came while paused').waitFor();
  });

  test('scripts in names, prompts and errors are shown as text and never run', async () => {
    const liveKey = await createKey(HOSTILE, 'Live: real providers');
    await page.getByRole('row').getByText(HOSTILE).waitFor();
    const prompt = `${HOSTILE} "'&`;
    const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: prompt }] };
    expect(await server.call(liveKey, body)).toBe(400);
    await goTo('/traces?mode=live');
    await page.getByText('<script>alert(2)</script>').first().waitFor();
    await traceLinks().first().click();
    const drawer = page.getByRole('dialog', { name: 'Trace' });
    await drawer.getByRole('listitem').getByText(prompt).waitFor();
    await drawer.getByRole('button', { name: 'JSON', exact: true }).click();
    for (const tab of ['Response', 'Timing', 'Details']) await drawer.getByRole('tab', { name: tab }).click();
    await drawer.getByText(HOSTILE).first().waitFor();
    expect(await page.evaluate('document.querySelectorAll("img, script:not([src])").length')).toBe(0);
  });

  test('one word of half a megabyte does not stop the page', async () => {
    const liveKey = await createKey('long words', 'Live: real providers');
    const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'W'.repeat(500_000) }] };
    expect(await server.call(liveKey, body)).toBe(400);
    await goTo('/traces?search=wwwwww');
    await traceLinks().first().click();
    await button('Show 50,000 more of 500,000 characters').click();
    await poll(() => page.getByText(/^W{56000}…$/).count()).toBe(1);
  });

  test('every control has a name and headings skip no level, on every page, open drawer and question', async () => {
    const check = async () => {
      expect(await findNameless(page)).toEqual([]);
      const levels = await readHeadingLevels(page);
      expect(levels.filter((level, at) => level - (levels[at - 1] ?? 0) > 1)).toEqual([]);
    };
    for (const [path, text] of Object.entries(PAGES)) {
      await goTo(path);
      await page.getByText(text).waitFor();
      await check();
    }
    await goTo('/keys');
    await button('Create key').click();
    await check();
    await goTo('/traces');
    await traceLinks().first().click();
    await page.getByRole('tab', { name: 'Details' }).click();
    await check();
  });

  test('on a phone no page scrolls sideways', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const [path, text] of Object.entries(PAGES)) {
      await goTo(path);
      // On a phone the keys are a list without a heading.
      await page
        .getByText(path === '/keys' ? /^created/ : text)
        .first()
        .waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(390);
    }
    await goTo('/traces');
    await traceLinks().first().click();
    for (const tab of ['Request', 'Response', 'Timing', 'Details']) {
      await page.getByRole('tab', { name: tab }).click();
      const overflow = `[...document.querySelectorAll('[role=dialog] *')]
        .filter((each) => each.getBoundingClientRect().right > 391).length`;
      expect(await page.evaluate(overflow), tab).toBe(0);
    }
  });

  test('the chosen theme stays after a reload', async () => {
    await goTo('/');
    await page.getByRole('button', { name: /Account menu/ }).click();
    await page.getByRole('menuitem', { name: 'Dark' }).click();
    const theme = 'document.documentElement.dataset.theme';
    await poll(() => page.evaluate(theme)).toBe('dark');
    await page.reload();
    await heading('Overview').waitFor();
    expect(await page.evaluate(theme)).toBe('dark');
  });

  test('a revoked key says so and is refused', async () => {
    await goTo('/keys');
    await button('Actions for checkout').click();
    await page.getByRole('menuitem', { name: 'Revoke' }).click();
    await button('Revoke key').click();
    await page
      .getByRole('row', { name: /checkout/ })
      .getByText('revoked')
      .waitFor();
    await poll(() => ask('Still there?')).toBe(401);
  });

  test('who signed out is asked to sign in, and a wrong password is told without a hint', async () => {
    await page.getByRole('button', { name: /Account menu/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading('Sign in').waitFor();
    await load('/keys');
    await signIn('not the password');
    expect(await page.getByRole('alert').textContent()).toBe('E-mail or password is wrong.');
    await signIn();
    await heading('API keys').waitFor();
  });

  test('a session that ends while a page is open leads to the sign-in and back to that page', async () => {
    await goTo('/traces?status=error');
    await traceLinks().first().waitFor();
    await browser.context.clearCookies();
    await heading('Sign in').waitFor();
    await signIn();
    await heading('Traces').waitFor();
    expect(new URL(page.url()).search).toBe('?status=error');
  });

  test('a crafted link to the sign-in cannot lead on to another site', async () => {
    await browser.context.clearCookies();
    await load(`/sign-in?next=${encodeURIComponent('//evil.example/')}`);
    await signIn();
    await heading('Overview').waitFor();
    expect(new URL(page.url()).origin).toBe(server.url);
  });
});
