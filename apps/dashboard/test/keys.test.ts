import type { CreatedKey, KeyList, NewKey, Project, Session } from '@app/contract';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { skipsBrowser } from './open-browser.ts';
import { PLAIN_MODEL } from './open-provider.ts';
import { openSignedIn, type SignedIn } from './open-signed-in.ts';
import { findNameless, readHeadingLevels } from './page-facts.ts';
import { poll } from './poll.ts';

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

describe.skipIf(skipsBrowser())('API keys in a browser', { timeout: 60_000 }, () => {
  let world: SignedIn;
  let page: Page;

  beforeAll(async () => {
    world = await openSignedIn('keys');
    page = world.page;
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
  const row = (name: RegExp) => page.getByRole('row', { name });
  const create = (key: NewKey) => world.ask<CreatedKey>('POST', `${world.project}/keys`, key);
  const act = async (name: string, action: string) => {
    await button(`Actions for ${name}`).first().click();
    await page.getByRole('menuitem', { name: action, exact: true }).click();
  };
  const takeSecret = async () => {
    const figure = page.getByRole('figure', { name: 'The new key' });
    const secret = (await figure.locator('pre').textContent()) ?? '';
    await button('I have copied it').click();
    return secret;
  };
  const call = (secret: string) =>
    world.server.call(secret, {
      model: PLAIN_MODEL,
      max_tokens: 20,
      messages: [{ role: 'user', content: 'Hi' }],
    });
  const status = (secret: string) =>
    world.server.call(secret, { model: 'sandbox/echo', messages: [{ role: 'user', content: 'Hi' }] });

  test('a key is made with bounds, and what is wrong with them is said at their own field', async () => {
    await goTo('/keys');
    await button('Create key').first().click();
    await dialog().getByLabel('Name').fill('billing');
    await inDialog('Live: real providers').click();
    await inDialog('30 days').click();
    await dialog().getByText('Owner, limits and bounds').click();
    await dialog().getByLabel('Tags').fill('web, eu');
    await dialog().getByLabel('Only these models').fill(PLAIN_MODEL);
    await dialog().getByLabel('Only from these addresses').fill('10.0.0.1/8');
    await inDialog('Create key').click();
    const field = dialog().getByLabel('Only from these addresses');
    await poll(() => field.getAttribute('aria-invalid')).toBe('true');
    expect(await dialog().getByText('10.0.0.0/8').count()).toBeGreaterThan(0);
    expect(world.browser.takeTrouble()).toEqual([expect.stringContaining('status of 400')]);
    await field.fill('127.0.0.1, ::1');
    await inDialog('Create key').click();
    const secret = await takeSecret();
    expect(await call(secret)).toBe(200);
    await row(/billing/)
      .getByText('only 1 model')
      .waitFor();
    await row(/billing/)
      .getByText('#web · #eu')
      .waitFor();
    expect(await page.content()).not.toContain(secret);
  });

  test('a rotated key says when it ends, its successor works at once, and each leads to the other', async () => {
    const { key, secret } = await create({ name: 'mobile', mode: 'test' });
    await goTo('/keys');
    await act('mobile', 'Rotate');
    await inDialog('1 h').click();
    await inDialog('Rotate key').click();
    const successor = await takeSecret();
    expect([await status(secret), await status(successor)]).toEqual([200, 200]);
    const old = row(/mobile.*replaced.*ends in/);
    await old.waitFor();
    await old.getByRole('link', { name: 'mobile' }).click();
    await dialog()
      .getByText(/^Replaced by$/)
      .waitFor();
    await dialog()
      .getByRole('link', { name: /^mobile \(key_/ })
      .click();
    await dialog()
      .getByText(/^Replaces$/)
      .waitFor();
    expect(new URL(page.url()).searchParams.get('key')).not.toBe(key.id);
    await page.goBack();
    await dialog()
      .getByText(/^Replaced by$/)
      .waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  test('what is said of a key stays where it is, the same, when figures and names come late', async () => {
    const { key } = await create({ name: 'steady', mode: 'test' });
    const rotation = { overlap_seconds: 3600 };
    const next = await world.ask<CreatedKey>('POST', `${world.project}/keys/${key.id}/rotate`, rotation);
    let late = Promise.withResolvers<void>();
    const isLate = (url: URL) => url.pathname.endsWith('/usage') || url.search.includes('limit=200');
    await page.route(isLate, async (request) => {
      await late.promise;
      await request.continue();
    });
    for (const [opened, lead] of [
      [key.id, 'Replaced by'],
      [next.key.id, 'Replaces'],
    ]) {
      late = Promise.withResolvers<void>();
      await goTo(`/keys?key=${opened}`);
      await dialog()
        .getByText(lead ?? '', { exact: true })
        .waitFor();
      const link = dialog().locator('dd a[id^="key-"]');
      await link.evaluate((element) => element.setAttribute('data-first', ''));
      const before = await link.boundingBox();
      late.resolve();
      await dialog()
        .getByText('No call in this range.')
        .or(dialog().getByRole('img', { name: /over time/ }))
        .waitFor();
      await dialog()
        .getByRole('link', { name: /^steady \(key_/ })
        .waitFor();
      expect(await dialog().locator('[data-first]').count()).toBe(1);
      const after = await link.boundingBox();
      expect([after?.x, after?.y, after?.height]).toEqual([before?.x, before?.y, before?.height]);
    }
    await page.unroute(isLate);
  });

  test('a key that was changed is bound by it at its next call', async () => {
    const { secret } = await create({ name: 'worker', mode: 'live' });
    expect(await call(secret)).toBe(200);
    await goTo('/keys');
    await act('worker', 'Edit');
    await dialog().getByLabel('Name').fill('worker, confined');
    await dialog().getByLabel('Only these models').fill('another-model');
    await inDialog('30 d').click();
    await inDialog('Save').click();
    await row(/worker, confined/)
      .getByText('ends in 30 days')
      .waitFor();
    await row(/worker, confined/)
      .getByText('only 1 model')
      .waitFor();
    expect(await call(secret)).toBe(403);
  });

  test('what a key was used for is drawn, with when and from where it was last used', async () => {
    const { secret, key } = await create({ name: 'chart', mode: 'live' });
    for (const expected of [200, 200]) expect(await call(secret)).toBe(expected);
    await goTo('/keys');
    const use = row(/chart/).getByText(/2 calls, \$0\.\d+/);
    await poll(async () => {
      if ((await use.count()) === 1) return true;
      await page.reload();
      await row(/chart/).getByText(/calls/).waitFor();
      return false;
    }).toBe(true);
    await page.getByRole('link', { name: 'chart', exact: true }).click();
    await dialog().getByRole('img', { name: 'Answered and Failed over time' }).locator('canvas').waitFor();
    await inDialog('Cost').click();
    await dialog()
      .getByText(/^US dollars: \$0\.\d+/)
      .waitFor();
    await inDialog('24 h').click();
    await dialog()
      .getByText(/ from 127\.0\.0\.1/)
      .waitFor();
    await page.reload();
    await dialog().getByText(key.id, { exact: true }).waitFor();
    expect(await findNameless(page)).toEqual([]);
    const levels = await readHeadingLevels(page);
    expect(levels.filter((level, at) => level - (levels[at - 1] ?? 0) > 1)).toEqual([]);
    await page.keyboard.press('Escape');
    await poll(() => page.evaluate('document.activeElement.id')).toBe(`key-${key.id}`);
  });

  test('keys are found by name, status, mode, purpose, owner and tag, and the filters stand in the address', async () => {
    await create({ name: 'found by its owner', mode: 'live', owner: 'grace@example.com', tags: ['night'] });
    await create({ name: 'sender', kind: 'ingest' });
    await goTo('/keys');
    await row(/sender/).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('OWNER');
    await poll(() => row(/actions for/i).count()).toBe(1);
    await page.getByRole('link', { name: 'found by its owner' }).click();
    await dialog().getByRole('link', { name: 'night' }).click();
    await button('Remove the filter tag').waitFor();
    await button('Expired').click();
    await page.getByRole('heading', { name: 'No key fits these filters' }).waitFor();
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ tag: 'night', status: 'expired' });
    await button('Clear all filters').click();
    await button('Traces').click();
    await poll(() => row(/actions for/i).count()).toBe(1);
    await row(/sender/).waitFor();
  });

  test('a revoked key is refused at once and can only be looked at', async () => {
    const { secret } = await create({ name: 'leaked', mode: 'test' });
    expect(await status(secret)).toBe(200);
    await goTo('/keys');
    await act('leaked', 'Revoke');
    await inDialog('Keep it').click();
    expect(await status(secret)).toBe(200);
    await act('leaked', 'Revoke');
    await inDialog('Revoke key').click();
    await row(/leaked.*revoked/).waitFor();
    expect(await status(secret)).toBe(401);
    await button('Actions for leaked').click();
    expect(await page.getByRole('menuitem').allTextContents()).toEqual(['Usage and details']);
    await page.keyboard.press('Escape');
  });

  test('a key can be rotated without a mouse, and the focus comes back to where it was', async () => {
    await create({ name: 'by keyboard', mode: 'test' });
    await goTo('/keys');
    await button('Actions for by keyboard').focus();
    await page.keyboard.press('Enter');
    const focused = () => page.evaluate('document.activeElement.textContent');
    await poll(focused).toBe('Usage and details');
    await page.keyboard.press('ArrowDown');
    await poll(focused).toBe('Rotate');
    await page.keyboard.press('Enter');
    await dialog().getByText('Rotate “by keyboard”').waitFor();
    await poll(() => page.evaluate('document.activeElement.closest("[role=dialog]") !== null')).toBe(true);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await poll(() => page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(
      'Actions for by keyboard',
    );
  });

  test('the project that is chosen is looked at on every page and by every link', async () => {
    const { organizations } = await world.ask<Session>('GET', '/api/v1/session');
    const place = `/api/v1/organizations/${organizations?.[0]?.id}/projects`;
    const other = await world.ask<Project>('POST', place, { name: 'Second project' });
    await goTo('/keys');
    await page.getByLabel('Project').selectOption({ label: 'Second project' });
    await page.getByRole('heading', { name: 'No key yet' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/keys');
    await page.getByRole('link', { name: 'Budgets' }).click();
    await page.getByRole('heading', { name: 'No budget yet' }).waitFor();
    expect(new URL(page.url()).searchParams.get('project')).toBe(other.id);
    await page.reload();
    expect(await page.getByLabel('Project').inputValue()).toBe(other.id);
    const { data } = await world.ask<KeyList>('GET', `/api/v1/projects/${other.id}/keys`);
    expect(data).toEqual([]);
  });

  test('who may only read sees no control that writes', async () => {
    const reads = ['models:read', 'traces:read', 'analytics:read', 'keys:read'];
    await page.route('**/api/v1/session', async (route) => {
      const answer = await route.fetch();
      const session: Session = await answer.json();
      const organizations = session.organizations?.map((one) => ({
        ...one,
        role: 'member',
        permissions: reads,
      }));
      const projects = session.projects.map((one) => ({ ...one, role: 'member', permissions: reads }));
      await route.fulfill({ response: answer, json: { ...session, organizations, projects } });
    });
    await goTo('/keys');
    await row(/billing/).waitFor();
    expect(await button('Create key').count()).toBe(0);
    await button('Actions for billing').click();
    expect(await page.getByRole('menuitem').allTextContents()).toEqual(['Usage and details']);
    await page.keyboard.press('Escape');
    await goTo('/budgets');
    await page.getByRole('heading', { name: 'No budget yet' }).waitFor();
    expect(await button('New budget').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Providers' }).count()).toBe(0);
    await goTo('/providers');
    await page.getByRole('heading', { name: 'Owners and admins look after these' }).waitFor();
    expect(await button('Add key').count()).toBe(0);
    await page.unroute('**/api/v1/session');
  });

  test('on a phone nothing of a key or of its questions is cut off', async () => {
    await page.setViewportSize(PHONE);
    const name = 'a name as long as the server takes '.repeat(3).trim();
    await create({
      name,
      mode: 'live',
      tags: Array.from({ length: 20 }, (_, at) => `a-tag-with-number-${at}`),
    });
    await goTo('/keys');
    await page.getByRole('link', { name }).waitFor();
    const overflow = `[...document.querySelectorAll('main *, [role=dialog] *')]
      .filter((each) => each.checkVisibility() && !each.closest('.sr-only') && each.getBoundingClientRect().right > 391).length`;
    expect(await page.evaluate(overflow)).toBe(0);
    await page.getByRole('link', { name }).click();
    await dialog().getByText('Its life').waitFor();
    expect(await page.evaluate(overflow)).toBe(0);
    await page.keyboard.press('Escape');
    for (const action of ['Rotate', 'Edit', 'Revoke']) {
      await act(name, action);
      await dialog().waitFor();
      expect(await page.evaluate(overflow), action).toBe(0);
      await page.keyboard.press('Escape');
      await dialog().waitFor({ state: 'detached' });
    }
  });
});
