import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const pages = globSync(['*.md', 'docs/**/*.md', 'packages/*/*.md', 'packages/*/golden/*.md'], {
  cwd: root,
}).sort();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const CODE = /^```.*?^```$/gms;

test.each(pages)('every link of %s that stays in the project leads somewhere', (page) => {
  const links = [
    ...read(page)
      .replace(CODE, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, link = '']) => link);
  const dead = links.filter((link) => !/^(https?|mailto):/.test(link) && !leadsSomewhere(page, link));
  expect(dead).toEqual([]);
});

test('every example is shown by a page, word for word', () => {
  const shown = pages.flatMap((page) => examplesIn(page));
  for (const { page, name, text } of shown) {
    expect({ page, name, text }).toEqual({ page, name, text: read(join('examples', name)) });
  }
  const names = globSync('*.{ts,py,sh}', { cwd: join(root, 'examples') });
  expect([...new Set(shown.map(({ name }) => name))].sort()).toEqual(names.sort());
});

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  return [
    ...read(page)
      .replace(CODE, '')
      .matchAll(/^#+ (.*)$/gm),
  ].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

type Shown = { page: string; name: string; text: string };

/** A block of code that follows a link to an example. */
function examplesIn(page: string): Shown[] {
  const blocks = read(page).matchAll(/\[examples\/([\w.-]+)\]\([^)]+\):\n\n```\w+\n(.*?)^```$/gms);
  return [...blocks].map(([, name = '', text = '']) => ({ page, name, text }));
}
