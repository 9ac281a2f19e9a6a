import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { filterAliases, filterFields, filterFlags, parseFilter } from '../index.ts';

const page = readFileSync(new URL('../../../../docs/filters.md', import.meta.url), 'utf8');

test('the page of the filter language lists every field with its values, every other name and every flag', () => {
  for (const [name, field] of Object.entries(filterFields)) {
    const shown = field.kind === 'keyed' ? `${name}.…` : name;
    const row = page.split('\n').find((line) => line.startsWith(`| \`${shown}\` |`));
    expect(row, name).toContain(field.about);
    if ('values' in field)
      for (const value of field.values ?? []) expect(row, name).toContain(`\`${value}\``);
  }
  for (const [alias, name] of Object.entries(filterAliases))
    expect(page).toContain(`\`${alias}\` (\`${name}\`)`);
  for (const [flag, about] of Object.entries(filterFlags)) expect(page).toContain(`\`${flag}\` (${about})`);
});

test('every field that the page lists is one', () => {
  const listed = [...page.matchAll(/^\| `(\w+)(?:\.…)?` \|/gm)].map(([, name]) => name);
  expect(listed).toEqual(Object.keys(filterFields));
});

test('the expression that the page begins with can be read', () => {
  const [, example = ''] = /```\n([^`]*)```/.exec(page) ?? [];
  expect(parseFilter(example.trim()).ok).toBe(true);
});
