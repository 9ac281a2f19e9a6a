import type { Page, Response } from 'playwright-core';
import { inject } from 'vitest';
import { goTo } from './go-to.ts';
import { openBrowser, type TestBrowser } from './open-browser.ts';
import { type Call, createCall } from './open-server.ts';
import { createTenant, type Person } from './operator.ts';

export type SignedIn = {
  server: { url: string; call: Call };
  browser: TestBrowser;
  page: Page;
  /** Who is signed in. */
  owner: Person;
  /** Where the management API has the project that the pages show, such as `/api/v1/projects/proj_...`. */
  project: string;
  /** Goes to a path of the dashboard as a link does. */
  goTo(path: string): Promise<void>;
  /** Everything that the server sent to the page so far, as text. */
  received(): string;
  /** Asks the management API as the person who is signed in, from the page that is open. */
  ask<Body>(method: string, path: string, body?: object): Promise<Body>;
  close(): Promise<void>;
};

/**
 * The server and the browser that all test files share, and a page in which somebody is signed in: the owner of an
 * organization that is made for this name, or the first owner, who sees how safe the installation is.
 */
export async function openSignedIn(name: string | 'operator'): Promise<SignedIn> {
  const shared = inject('dashboard');
  if (shared === undefined) throw new Error('These tests need the global set-up of the dashboard.');
  const { url, operator } = shared;
  const { owner, projectId } =
    name === 'operator' ? { owner: operator, projectId: 'default' } : await createTenant(url, operator, name);
  const browser = await openBrowser();
  const { page, context } = browser;
  const texts: string[] = [];
  const hear = async (response: Response) => {
    if (new URL(response.url()).pathname.startsWith('/api/')) {
      texts.push(await response.text().catch(() => ''));
    }
  };
  page.on('response', hear);
  await context.addCookies(readCookies(owner.cookie, url));
  await page.goto(url);
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  return {
    server: { url, call: createCall(url) },
    browser,
    page,
    owner,
    project: `/api/v1/projects/${projectId}`,
    goTo: (path) => goTo(page, url + path),
    received: () => texts.join('\n'),
    ask: (method, path, body) => ask(page, { method, path, body }),
    close: () => browser.close(),
  };
}

function readCookies(text: string, url: string) {
  return text.split('; ').map((each) => {
    const [name = '', ...value] = each.split('=');
    return { name, value: value.join('='), url };
  });
}

type Question = { method: string; path: string; body: object | undefined };

const ask = <Body>(page: Page, { method, path, body }: Question): Promise<Body> =>
  page.evaluate(
    `fetch(${JSON.stringify(path)}, {
      method: '${method}',
      headers: ${body === undefined ? '{}' : "{ 'content-type': 'application/json' }"},
      body: ${body === undefined ? 'undefined' : JSON.stringify(JSON.stringify(body))},
    }).then((answer) => answer.json())`,
  );
