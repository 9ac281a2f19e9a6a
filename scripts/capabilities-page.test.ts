import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { capabilitiesPage } from './capabilities-page.ts';

test('the page on capabilities is what the code says; `npm run docs` writes it', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/capabilities.md'), 'utf8');
  expect(page).toBe(capabilitiesPage());
});
