import { existsSync } from 'node:fs';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';

/**
 * The browser without a desktop's windows comes first: in the other one the frames of a page can stop for good
 * when its window changes its size, and a click waits for two of them.
 */
const BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
export const LAUNCH = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** A busy machine is slow; a wait that is answered ends at once all the same. */
const WAIT_MS = 15_000;

export type TestBrowser = {
  context: BrowserContext;
  page: Page;
  /** What no page may cause, since the last time this was asked: broken policy, script errors, dialogs. */
  takeTrouble(): string[];
  close(): Promise<void>;
};

export const findBrowser = (): string | undefined => BROWSERS.find((path) => existsSync(path));

/** Without Debian's Chromium the tests of a browser say so and are skipped; where all tests are required they fail. */
export function skipsBrowser(): boolean {
  if (findBrowser() !== undefined) return false;
  if (process.env.TESTS_REQUIRE_ALL === '1') {
    throw new Error("Debian's package chromium-headless-shell is not installed, and TESTS_REQUIRE_ALL is 1.");
  }
  // biome-ignore lint/suspicious/noConsole: skipped tests must be seen.
  console.warn(
    "SKIPPED: the dashboard in a browser, because Debian's package chromium-headless-shell is not installed.",
  );
  return true;
}

/** An empty profile in the browser that all files share, and one page that reports all trouble. */
export async function openBrowser(): Promise<TestBrowser> {
  const browser = await chromium.connect(inject('dashboard')?.browser ?? '');
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    // Nothing slides or fades: software draws here, and a test waits for what moves.
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(WAIT_MS);
  const trouble: string[] = [];
  await context.exposeFunction('reportViolation', (what: string) => trouble.push(`policy: ${what}`));
  await context.addInitScript({
    content: `addEventListener('securitypolicyviolation', (event) =>
      reportViolation(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile));`,
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => trouble.push(`script error: ${error.message}`));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.text())) trouble.push(`console: ${message.text()}`);
  });
  return {
    context,
    page,
    takeTrouble: () => trouble.splice(0),
    close: () => browser.close(),
  };
}

/** The browser notes every 401, also where the page asks whether anybody is signed in. */
const isExpected = (text: string): boolean => text.includes('the server responded with a status of 401');
