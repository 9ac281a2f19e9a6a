import type { Page, Response } from 'playwright-core';
import { openBrowser, type TestBrowser } from './open-browser.ts';
import { openServer, type Server } from './open-server.ts';

const OWNER = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'correct horse battery' };

export type SignedIn = {
  server: Server;
  browser: TestBrowser;
  page: Page;
  /** Everything that the server sent to the page so far, as text. */
  received(): string;
  /** Asks the management API as the person who is signed in, from the page that is open. */
  ask<Body>(method: string, path: string, body?: object): Promise<Body>;
  close(): Promise<void>;
};

/** The whole product on an empty folder, and a browser in which its first owner is signed in. */
export async function openSignedIn(): Promise<SignedIn> {
  const [server, browser] = await Promise.all([openServer(), openBrowser()]);
  const { page } = browser;
  const texts: string[] = [];
  const hear = async (response: Response) => {
    if (new URL(response.url()).pathname.startsWith('/api/')) {
      texts.push(await response.text().catch(() => ''));
    }
  };
  page.on('response', hear);
  await page.goto(server.setupLink);
  await page.getByLabel('Name').fill(OWNER.name);
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel('Password').fill(OWNER.password);
  await page.getByRole('button', { name: 'Create the owner' }).click();
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  return {
    server,
    browser,
    page,
    received: () => texts.join('\n'),
    ask: (method, path, body) =>
      page.evaluate(
        `fetch(${JSON.stringify(path)}, {
          method: '${method}',
          headers: ${body === undefined ? '{}' : "{ 'content-type': 'application/json' }"},
          body: ${body === undefined ? 'undefined' : JSON.stringify(JSON.stringify(body))},
        }).then((answer) => answer.json())`,
      ),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}
