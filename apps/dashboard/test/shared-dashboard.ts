import { type BrowserServer, chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { findBrowser, LAUNCH } from './open-browser.ts';
import { openServer } from './open-server.ts';
import { createOperator, type Operator } from './operator.ts';

/** What the test files have in common. Each makes an organization of its own in it, so that none sees another's. */
export type SharedDashboard = {
  /** Of the server, of the form `http://127.0.0.1:port`. */
  url: string;
  operator: Operator;
  /** Where the one browser is driven from. */
  browser: string;
};

declare module 'vitest' {
  export interface ProvidedContext {
    dashboard: SharedDashboard | undefined;
  }
}

/** Starts the product and a browser once for all files: their start costs more than the tests of most files. */
export default async function openSharedDashboard(project: TestProject): Promise<() => Promise<void>> {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    project.provide('dashboard', undefined);
    return async () => undefined;
  }
  const [server, browser] = await Promise.all([openServer(), launch(executablePath)]);
  const close = async () => void (await Promise.all([browser.close(), server.close()]));
  try {
    const operator = await createOperator(server);
    project.provide('dashboard', { url: server.url, operator, browser: browser.wsEndpoint() });
    return close;
  } catch (error) {
    await close();
    throw error;
  }
}

const launch = (executablePath: string): Promise<BrowserServer> =>
  chromium.launchServer({ executablePath, args: LAUNCH, host: '127.0.0.1' });
