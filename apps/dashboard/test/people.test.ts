import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { goTo } from './go-to.ts';
import { openBrowser, skipsBrowser, type TestBrowser } from './open-browser.ts';
import { openSignedIn, type SignedIn } from './open-signed-in.ts';
import { findNameless, readHeadingLevels } from './page-facts.ts';
import { poll } from './poll.ts';

const WIDE = { width: 1440, height: 900 };
const GRACE = { name: 'Grace Hopper', email: 'grace@example.com', password: 'a nanosecond of wire' };
/** Each page with what stands on it when its data has come. */
const PAGES = { '/team': 'Grace Hopper', '/account': 'Sessions', '/settings?show=sign-in': 'Way in' };

/** The six digits that an app shows for a secret at a time (RFC 6238). */
function codeOf(secret: string, nowMs: number): string {
  const bits = [...secret.replace(/=+$/, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

describe.skipIf(skipsBrowser())('people in a browser', { timeout: 60_000 }, () => {
  let world: SignedIn;
  let page: Page;
  let other: TestBrowser;

  beforeAll(async () => {
    [world, other] = await Promise.all([openSignedIn('people'), openBrowser()]);
    page = world.page;
  }, 120_000);
  afterAll(async () => {
    await other?.close();
    await world?.close();
  });
  afterEach(async () => {
    await page.setViewportSize(WIDE);
    expect([...world.browser.takeTrouble(), ...other.takeTrouble()]).toEqual([]);
  });

  const on = (place: Page) => ({
    goTo: (path: string) => goTo(place, world.server.url + path),
    button: (name: string) => place.getByRole('button', { name, exact: true }),
    accountMenu: () => place.getByRole('button', { name: /Account menu$/ }),
    dialog: () => place.getByRole('dialog'),
    inDialog: (name: string) => place.getByRole('dialog').getByRole('button', { name, exact: true }),
    signIn: async ({ email, password }: { email: string; password: string }) => {
      await place.getByLabel('E-mail').fill(email);
      await place.getByLabel('Password').fill(password);
      await place.getByRole('button', { name: 'Sign in', exact: true }).click();
    },
    overview: () => place.getByRole('heading', { name: 'Overview', exact: true }),
  });

  test('an invitation brings somebody in by its link, once, and its token leaves the address bar', async () => {
    const { goTo, button, dialog, inDialog } = on(page);
    await goTo('/team');
    await button('Invite').click();
    await dialog().getByLabel('E-mail').fill(GRACE.email);
    await inDialog('Invite').click();
    const shown = new URL(await page.getByRole('figure', { name: 'The link' }).locator('pre').innerText());
    // A server that picks its port itself knows no address for links.
    const link = world.server.url + shown.pathname + shown.hash;
    await inDialog('Done').click();
    await page.getByRole('list', { name: 'Invitations' }).getByText(GRACE.email).waitFor();
    await other.page.goto(link);
    await other.page.getByRole('heading', { name: 'Join Default' }).waitFor();
    expect(new URL(other.page.url()).hash).toBe('');
    await other.page.getByLabel('Your name').fill(GRACE.name);
    await other.page.getByLabel('Password').fill(GRACE.password);
    await on(other.page).button('Join').click();
    await on(other.page).overview().waitFor();
    await page.goto(link);
    await page.getByRole('alert').waitFor();
    // The browser notes that the link was refused the second time.
    expect(world.browser.takeTrouble()).toEqual([expect.stringContaining('403')]);
  });

  test('who may only read sees no way to change the team, and a new role counts at once', async () => {
    const { goTo, button, dialog, inDialog } = on(other.page);
    await goTo('/team');
    await other.page.getByText(world.owner.email).first().waitFor();
    expect(await button('Invite').count()).toBe(0);
    expect(await other.page.getByRole('link', { name: 'Audit' }).count()).toBe(0);
    await on(page).goTo('/team');
    await on(page).button(`Actions for ${GRACE.name}`).click();
    await page.getByRole('menuitem', { name: 'Change role', exact: true }).click();
    await on(page).dialog().getByLabel('Role').selectOption('admin');
    await on(page).inDialog('Change role').click();
    await page.getByRole('list', { name: 'Members' }).getByText('admin', { exact: true }).waitFor();
    await other.page.reload();
    await button('Invite').waitFor();
    await other.page.getByRole('link', { name: 'Audit' }).waitFor();
    // Nobody is offered a role above their own.
    await button('Invite').click();
    expect(await dialog().getByLabel('As').locator('option').count()).toBe(2);
    await inDialog('Cancel').click();
  });

  test('the last owner stays one', async () => {
    await on(page).goTo('/team');
    await on(page).button('Actions for Ada Lovelace').click();
    await page.getByRole('menuitem', { name: 'Change role', exact: true }).click();
    await on(page).dialog().getByLabel('Role').selectOption('member');
    await on(page).inDialog('Change role').click();
    await on(page).dialog().getByRole('alert').getByText(/owner/).waitFor();
    // The browser notes that it was refused.
    expect(world.browser.takeTrouble()).toEqual([expect.stringContaining('409')]);
    await on(page).inDialog('Cancel').click();
  });

  test('a second factor is set up with an app, asked for at the next sign-in, and a backup code does too', async () => {
    const { goTo, button, dialog, inDialog, signIn, overview, accountMenu } = on(other.page);
    await goTo('/account');
    await button('Set up').click();
    await dialog().getByLabel('Your password').fill(GRACE.password);
    await inDialog('Go on').click();
    await other.page.getByRole('img', { name: 'The code to scan' }).waitFor();
    const secret = await other.page
      .getByRole('figure', { name: 'The same as text' })
      .locator('pre')
      .innerText();
    await dialog().getByLabel('Code', { exact: true }).fill(codeOf(secret, Date.now()));
    await inDialog('Switch on').click();
    const codes = await other.page
      .getByRole('figure', { name: 'Your backup codes' })
      .locator('pre')
      .innerText();
    await inDialog('I have kept them').click();
    await other.page.getByText('on', { exact: true }).waitFor();
    await accountMenu().click();
    await other.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await signIn(GRACE);
    await other.page.getByRole('heading', { name: 'Second factor' }).waitFor();
    await other.page.getByLabel('Code').fill('000000');
    await button('Go on').click();
    await other.page.getByRole('alert').getByText(/code/i).waitFor();
    await other.page.getByLabel('Code').fill(codes.split('\n')[0] ?? '');
    await button('Go on').click();
    await overview().waitFor();
  });

  test('a passkey is added and lets its owner in without a password', async () => {
    const cdp = await world.browser.context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    });
    const { button, dialog, inDialog, overview, accountMenu } = on(page);
    // A passkey belongs to a name, and an address is none.
    const named = world.server.url.replace('127.0.0.1', 'localhost');
    await page.goto(`${named}/account`);
    await on(page).signIn(world.owner);
    await page.getByRole('heading', { name: 'Account', exact: true }).waitFor();
    await button('Add a passkey').click();
    await dialog().getByLabel('Name').fill('laptop');
    await inDialog('Add passkey').click();
    await page.getByText('laptop', { exact: true }).waitFor();
    await accountMenu().click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await button('Use a passkey').click();
    await overview().waitFor();
  });

  test('an organization that asks for a second factor is closed to a session without one, and says what to do', async () => {
    const settings = `${world.server.url.replace('127.0.0.1', 'localhost')}/settings?show=sign-in`;
    const ask = async (isAsked: boolean) => {
      await page.goto(settings);
      await page.getByLabel('A second factor is required').setChecked(isAsked);
      await on(page).button('Save').click();
      await page.getByText('Saved.').waitFor();
    };
    await ask(true);
    await on(page).goTo('/');
    await page.getByRole('heading', { name: 'Default asks for a second factor' }).waitFor();
    expect(await page.getByRole('link', { name: 'Traces' }).count()).toBe(0);
    await page.getByRole('link', { name: 'To your account' }).click();
    await on(page).button('Set up').waitFor();
    await ask(false);
    await on(page).goTo('/');
    await on(page).overview().waitFor();
  });

  test('a session that is ended elsewhere leads to the sign-in, and the one that ended it stays', async () => {
    await on(page).goTo('/account');
    await page.getByText('this one', { exact: true }).waitFor();
    await on(page).button('End all others').click();
    await poll(() => on(page).button('End all others').count()).toBe(0);
    await page.goto(`${world.server.url.replace('127.0.0.1', 'localhost')}/team`);
    await on(page).button('Use a passkey').waitFor();
    await on(page).goTo('/team');
    await page.getByRole('list', { name: 'Members' }).waitFor();
  });

  test('every page has names, headings in order, and room on a phone', async () => {
    for (const [path, text] of Object.entries(PAGES)) {
      await page.setViewportSize(WIDE);
      await on(page).goTo(path);
      await page.getByText(text, { exact: true }).first().waitFor();
      expect(await findNameless(page), path).toEqual([]);
      const levels = await readHeadingLevels(page);
      for (const [at, level] of levels.entries())
        expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(390);
    }
  });
});
