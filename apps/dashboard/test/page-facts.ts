import type { Page } from 'playwright-core';

/** Controls that a screen reader could not name, as HTML; what is hidden from it does not count. */
export function findNameless(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = document.querySelectorAll<HTMLElement>(
      'a[href], button, input, select, summary, [role=tab], [role=menuitem]',
    );
    const isSeen = (each: HTMLElement) =>
      each.checkVisibility() && each.closest('[aria-hidden=true], [inert]') === null;
    const nameOf = (each: HTMLElement) => {
      const isField = each instanceof HTMLInputElement || each instanceof HTMLSelectElement;
      const words = isField ? [...(each.labels ?? [])].map((label) => label.innerText) : [each.innerText];
      return [each.getAttribute('aria-label') ?? '', ...words].join('');
    };
    return [...controls]
      .filter((each) => isSeen(each) && nameOf(each).trim() === '')
      .map((each) => each.outerHTML);
  });
}

/** The levels of the headings in their order; while a dialog is open, of the dialog, which stands below a page's h1. */
export function readHeadingLevels(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const dialog = document.querySelector('[role=dialog]');
    const headings = (dialog ?? document).querySelectorAll('h1, h2, h3, h4, h5, h6');
    const levels = [...headings].map((each) => Number(each.tagName.slice(1)));
    return dialog === null ? levels : [1, ...levels];
  });
}
