import type { Budget, BudgetList, CreatedKey, LimitList, NewBudget } from '@app/contract';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { skipsBrowser } from './open-browser.ts';
import { PLAIN_MODEL } from './open-provider.ts';
import { openSignedIn, type SignedIn } from './open-signed-in.ts';
import { findNameless, readHeadingLevels } from './page-facts.ts';
import { poll } from './poll.ts';

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

describe.skipIf(skipsBrowser())('budgets and limits in a browser', { timeout: 60_000 }, () => {
  let world: SignedIn;
  let page: Page;
  let secret = '';

  beforeAll(async () => {
    world = await openSignedIn('budgets');
    page = world.page;
    const key = { name: 'caller', mode: 'live', tags: ['night'] };
    ({ secret } = await world.ask<CreatedKey>('POST', `${world.project}/keys`, key));
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
  const item = (name: RegExp) =>
    page.getByRole('main').getByRole('listitem').filter({ hasText: name }).first();
  const create = (budget: NewBudget) => world.ask<Budget>('POST', `${world.project}/budgets`, budget);
  const remove = (name: string) => act(name, 'Delete').then(() => inDialog('Delete budget').click());
  const act = async (name: string, action: string) => {
    await button(`Actions for ${name}`).click();
    await page.getByRole('menuitem', { name: action, exact: true }).click();
  };
  /** Each costs $0.20 and may cost $0.14 as far as can be told before. */
  const call = (user?: string) =>
    world.server.call(secret, {
      model: PLAIN_MODEL,
      max_tokens: 60,
      messages: [{ role: 'user', content: 'Hello there' }],
      ...(user === undefined ? {} : { user }),
    });

  test('a budget holds from the moment it is made, asks its owner, and goes on when more is given', async () => {
    await goTo('/budgets');
    await button('New budget').first().click();
    await dialog().getByLabel('Name').fill('launch');
    await dialog().getByLabel('Amount in US dollars').fill('half');
    await dialog().getByText('An amount such as 250 or 0.50, below one million.').waitFor();
    expect(await inDialog('Create budget').isDisabled()).toBe(true);
    await dialog().getByLabel('Amount in US dollars').fill('$0.50');
    await inDialog('Ask owner').click();
    await dialog().getByLabel('Owner').fill('grace@example.com');
    await inDialog('Create budget').click();
    await item(/launch.*\$0\.50 a month for the whole project/).waitFor();
    expect([await call(), await call(), await call()]).toEqual([200, 200, 402]);
    const question = page.getByRole('region', { name: 'Questions' });
    await question.getByText('“launch” is spent and asks for more.').waitFor();
    await question.getByText('told grace@example.com').waitFor();
    await question.getByRole('button', { name: 'Give more' }).click();
    await dialog().getByLabel('Amount in US dollars').fill('0.5');
    await dialog().getByLabel('Reason').fill('launch week');
    await inDialog('Give more').click();
    await question.waitFor({ state: 'detached' });
    await item(/launch/)
      .getByText('of $1.00')
      .waitFor();
    expect(await call()).toBe(200);
  });

  test('what a budget did is told with the answer, of one budget and of all', async () => {
    await goTo('/budgets');
    await act('launch', 'History');
    for (const text of ['The owner was asked for more', 'Passed 80 %']) {
      await dialog().getByText(text, { exact: true }).first().waitFor();
    }
    await dialog().getByText('“launch week”').first().waitFor();
    await inDialog('Close').click();
    await page.getByRole('button', { name: 'History', exact: true }).click();
    await page.getByText('The owner was asked for more: launch').waitFor();
    expect(new URL(page.url()).searchParams.get('show')).toBe('history');
  });

  test('a question can be declined, and is then asked no more in this period', async () => {
    await goTo('/budgets');
    await remove('launch');
    await page.getByRole('heading', { name: 'No budget yet' }).waitFor();
    await create({
      name: 'tiny',
      scope: { kind: 'tag', id: 'night' },
      amount_usd: '0.1',
      action: { kind: 'ask' },
    });
    expect(await call()).toBe(402);
    await page.reload();
    const question = page.getByRole('region', { name: 'Questions' });
    await question.getByRole('button', { name: 'Decline' }).click();
    await dialog().getByLabel('Reason').fill('not this month');
    await inDialog('Decline').click();
    await question.waitFor({ state: 'detached' });
    await act('tiny', 'History');
    await dialog().getByText('“not this month”').first().waitFor();
    await inDialog('Close').click();
  });

  test('a budget that is changed lets through what it now allows, and one that only counts refuses nothing', async () => {
    await goTo('/budgets');
    await act('tiny', 'Edit');
    await dialog().getByLabel('Amount in US dollars').fill('0.30');
    await inDialog('Save').click();
    await item(/\$0\.30 a month for tag night/).waitFor();
    expect([await call(), await call()]).toEqual([200, 402]);
    await act('tiny', 'Edit');
    await inDialog('Only count').click();
    await inDialog('Save').click();
    await item(/tiny.*only counts/).waitFor();
    expect(await call()).toBe(200);
    await remove('tiny');
    await page.getByRole('heading', { name: 'No budget yet' }).waitFor();
  });

  test('those that need attention come first, and each user that is at the end is given more alone', async () => {
    await create({ name: 'calm', scope: { kind: 'project' }, amount_usd: '500' });
    await create({ name: 'per user', scope: { kind: 'user' }, amount_usd: '0.3', period: 'day' });
    for (let at = 0; at < 5; at++) await call(`user-${at}`);
    expect([await call('user-3'), await call('user-4')]).toEqual([402, 402]);
    await create({ name: 'newest', scope: { kind: 'model' }, amount_usd: '500' });
    await goTo('/budgets');
    await page.getByText('Show 2 more').waitFor();
    expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toBe('per user');
    await button('Show 2 more').click();
    await button('Running low or spent (1)').click();
    await poll(() => page.getByRole('heading', { level: 2 }).count()).toBe(1);
    await button('Give more to user-3').click();
    await dialog().getByLabel('Amount in US dollars').fill('1');
    await inDialog('Give more').click();
    await item(/^user-3\$0\.20 of \$1\.30/).waitFor();
    expect([await call('user-3'), await call('user-4')]).toEqual([200, 402]);
  });

  test('a limit is made, filled, changed and deleted', async () => {
    await goTo('/budgets?show=limits');
    await button('New limit').first().click();
    await dialog().getByLabel('Name').fill('two a day');
    await dialog().getByLabel('Counts the calls of').selectOption({ label: 'API key' });
    await poll(() => dialog().getByLabel('Which one').locator('option').count()).toBe(2);
    await dialog().getByLabel('Which one').selectOption({ index: 1 });
    await dialog().getByLabel('What is counted').selectOption({ label: 'Requests' });
    await inDialog('Day').click();
    await dialog().getByLabel('At most').fill('2.5');
    await dialog().getByText('A whole number, such as 100000.').waitFor();
    await dialog().getByLabel('At most').fill('2');
    await inDialog('Create limit').click();
    await item(/2 requests a day for key caller/).waitFor();
    expect([await call(), await call(), await call()]).toEqual([200, 200, 429]);
    await item(/2 requests.*100%/).waitFor();
    await act('two a day', 'Edit');
    await dialog().getByLabel('At most').fill('3');
    await inDialog('Save').click();
    await item(/3 requests a day/).waitFor();
    expect([await call(), await call()]).toEqual([200, 429]);
    await act('two a day', 'Delete');
    await inDialog('Delete limit').click();
    await page.getByRole('heading', { name: 'No limit but those of the keys' }).waitFor();
    expect(await call()).toBe(200);
    expect((await world.ask<LimitList>('GET', `${world.project}/limits`)).data).toEqual([]);
  });

  test('what the server refuses is said in the form, which stays as it was filled in', async () => {
    await goTo('/budgets');
    await button('New budget').first().click();
    await dialog().getByLabel('Name').fill('routed to nowhere');
    await dialog().getByLabel('Amount in US dollars').fill('5');
    await inDialog('Other model').click();
    await dialog().getByLabel('Model that answers then').fill(' ');
    await inDialog('Create budget').click();
    await dialog().getByRole('alert').waitFor();
    expect(world.browser.takeTrouble()).toEqual([expect.stringContaining('status of 400')]);
    expect(await dialog().getByLabel('Name').inputValue()).toBe('routed to nowhere');
    await page.keyboard.press('Escape');
    const { data } = await world.ask<BudgetList>('GET', `${world.project}/budgets`);
    expect(data.map(({ name }) => name)).not.toContain('routed to nowhere');
  });

  test('every control of the pages and forms has a name, and a phone shows all of them', async () => {
    await page.setViewportSize(PHONE);
    const overflow = `[...document.querySelectorAll('main *, [role=dialog] *')]
      .filter((each) => each.checkVisibility() && !each.closest('.sr-only') && each.getBoundingClientRect().right > 391).length`;
    const check = async (what: string) => {
      expect(await findNameless(page), what).toEqual([]);
      expect(await page.evaluate(overflow), what).toBe(0);
      const levels = await readHeadingLevels(page);
      expect(
        levels.filter((level, at) => level - (levels[at - 1] ?? 0) > 1),
        what,
      ).toEqual([]);
    };
    await goTo('/budgets');
    await page.getByText('Show 2 more').waitFor();
    await check('budgets');
    for (const action of ['History', 'Edit', 'Delete']) {
      await act('per user', action);
      await dialog().waitFor();
      await check(action);
      await page.keyboard.press('Escape');
      await dialog().waitFor({ state: 'detached' });
    }
    for (const show of ['budgets', 'limits']) {
      await goTo(`/budgets?show=${show}`);
      await button(show === 'budgets' ? 'New budget' : 'New limit')
        .first()
        .click();
      await check(`new of ${show}`);
    }
  });
});
