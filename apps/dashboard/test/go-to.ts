import type { Page } from 'playwright-core';

/** An address that no page has. */
const NOWHERE = '/nowhere';

/**
 * Goes to an address of the dashboard that is open, as a link does, and keeps nothing of the page before: its state and
 * all that it had asked the server are dropped. A load costs five times as much, nearly all of it for the same scripts;
 * where the load itself matters, a test calls `page.goto` or `page.reload`.
 */
export async function goTo(page: Page, address: string): Promise<void> {
  const { origin, pathname, search, hash } = new URL(address);
  if (new URL(page.url()).origin !== origin) {
    await page.goto(address);
    return;
  }
  await page.evaluate(`(async () => {
    const router = self.__TSR_ROUTER__;
    const go = (href) => new Promise((resolve) => {
      const stop = router.subscribe('onRendered', () => { stop(); resolve(); });
      router.history.push(href);
    });
    await go('${NOWHERE}');
    router.options.context.queries.clear();
    await go(${JSON.stringify(pathname + search + hash)});
  })()`);
}
