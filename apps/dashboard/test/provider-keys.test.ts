import type { CreatedKey, ProviderCredentialList } from '@app/contract';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { skipsBrowser } from './open-browser.ts';
import { GOOD_SECRET, PLAIN_MODEL } from './open-provider.ts';
import { openSignedIn, type SignedIn } from './open-signed-in.ts';
import { findNameless } from './page-facts.ts';
import { poll } from './poll.ts';

const WIDE = { width: 1440, height: 900 };
const WRONG_SECRET = 'sk-nobody-takes-this-one-51c2';

describe.skipIf(skipsBrowser())('provider keys in a browser', { timeout: 60_000 }, () => {
  let world: SignedIn;
  let page: Page;
  let apiKey = '';

  beforeAll(async () => {
    world = await openSignedIn('provider-keys');
    page = world.page;
    const key = { name: 'caller', mode: 'live' };
    apiKey = (await world.ask<CreatedKey>('POST', `${world.project}/keys`, key)).secret;
  }, 120_000);
  afterAll(() => world?.close());
  afterEach(async () => {
    await page.setViewportSize(WIDE);
    expect(world.browser.takeTrouble()).toEqual([]);
  });

  const goTo = (path: string) => world.goTo(path);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const dialog = () => page.getByRole('dialog');
  const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });
  const item = (name: RegExp) => page.getByRole('main').getByRole('listitem').filter({ hasText: name });
  const act = async (name: string, action: string) => {
    await button(`Actions for ${name} of hostile`).click();
    await page.getByRole('menuitem', { name: action, exact: true }).click();
  };
  const call = () =>
    world.server.call(apiKey, {
      model: PLAIN_MODEL,
      max_tokens: 20,
      messages: [{ role: 'user', content: 'Hi' }],
    });
  const expectNoSecret = async () => {
    const seen = world.received() + (await page.content());
    for (const secret of [GOOD_SECRET, WRONG_SECRET]) expect(seen).not.toContain(secret);
  };

  test('a key that is added is used, checked with its provider, and never shown or sent back', async () => {
    await goTo('/providers');
    await button('Add key').first().click();
    await dialog().getByLabel('Provider').fill('hostile');
    await dialog().getByLabel('Name').fill('first');
    const field = dialog().getByLabel('Key', { exact: true });
    expect(await field.getAttribute('type')).toBe('password');
    await field.fill(WRONG_SECRET);
    await inDialog('Add key').click();
    await item(/first.*ready.*100% of calls/).waitFor();
    await expectNoSecret();
    await act('first', 'Check with the provider');
    await page.getByRole('alert').getByText('hostile refused the key (401).').waitFor();
    expect(await call()).toBeGreaterThanOrEqual(400);
    await page.reload();
    await item(/first.*resting.*The provider refused this key \(401\)/).waitFor();
    await expectNoSecret();
  });

  test('a replaced secret takes the old one’s place at once', async () => {
    await act('first', 'Edit or replace');
    const field = dialog().getByLabel('New key');
    expect(await field.inputValue()).toBe('');
    await field.fill(GOOD_SECRET);
    await dialog().getByLabel('Weight').fill('3');
    await inDialog('Save').click();
    await item(/first.*replaced just now/).waitFor();
    expect(await call()).toBe(200);
    await act('first', 'Check with the provider');
    await page.getByRole('status').getByText('hostile took the key.').waitFor();
    await expectNoSecret();
  });

  test('a second key, found through a reference, shares the calls by weight; one that is off gets none', async () => {
    await button('Add a key of hostile').click();
    await dialog().getByLabel('Name').fill('by reference');
    await inDialog('Secret manager').click();
    await dialog().getByLabel('Reference').fill('hostile-key');
    await inDialog('Add key').click();
    await item(/by reference.*found through “hostile-key”.*25% of calls/).waitFor();
    await item(/first.*75% of calls/).waitFor();
    await act('first', 'Edit or replace');
    await inDialog('Off').click();
    await inDialog('Save').click();
    await item(/first.*off.*no calls now/).waitFor();
    await item(/by reference.*100% of calls/).waitFor();
    expect(await call()).toBe(200);
    await expectNoSecret();
  });

  test('a name that is taken and a provider that nobody knows are said at their fields', async () => {
    await button('Add key').first().click();
    await dialog().getByLabel('Provider').fill('hostile');
    await dialog().getByLabel('Name').fill('first');
    await dialog().getByLabel('Key', { exact: true }).fill(GOOD_SECRET);
    await inDialog('Add key').click();
    await dialog()
      .getByText(/There is a key of this name/)
      .first()
      .waitFor();
    await dialog().getByLabel('Provider').fill('no-such-provider');
    await inDialog('Add key').click();
    await poll(() => dialog().getByLabel('Provider').getAttribute('aria-invalid')).toBe('true');
    expect(world.browser.takeTrouble()).toHaveLength(2);
    expect(await findNameless(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await expectNoSecret();
  });

  test('a deleted key is gone, after a question that keeps it unless it is answered', async () => {
    await act('by reference', 'Delete');
    await poll(() => page.evaluate('document.activeElement.textContent')).toBe('Keep it');
    await page.keyboard.press('Enter');
    await dialog().waitFor({ state: 'detached' });
    await item(/by reference/).waitFor();
    for (const name of ['by reference', 'first']) {
      await act(name, 'Delete');
      await inDialog('Delete key').click();
      await dialog().waitFor({ state: 'detached' });
    }
    await page.getByRole('heading', { name: 'No provider key is kept here' }).waitFor();
    const list = await world.ask<ProviderCredentialList>('GET', `${world.project}/provider-credentials`);
    expect(list.data).toEqual([]);
    await expectNoSecret();
  });
});
