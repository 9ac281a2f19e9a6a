import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeTestFolder } from '../../test/open-test-clickhouse.ts';
import { getBinaries, makeSymlinks } from './get-binaries.ts';

let root: ReturnType<typeof makeTestFolder>;

beforeEach(() => {
  root = makeTestFolder();
  mkdirSync(join(root.path, 'native', 'lib'), { recursive: true });
  writeFileSync(join(root.path, 'native', 'lib', 'real.so.1.2'), 'library');
});

afterEach(() => root.remove());

const list = (links: unknown) =>
  writeFileSync(join(root.path, 'native', 'pg-symlinks.json'), JSON.stringify(links));

test('the links an install script would have made are made, and making them again changes nothing', () => {
  list([{ source: 'native/lib/real.so.1.2', target: 'native/lib/real.so' }]);
  makeSymlinks(root.path);
  makeSymlinks(root.path);
  expect(lstatSync(join(root.path, 'native/lib/real.so')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(root.path, 'native/lib/real.so'), 'utf8')).toBe('library');
});

test('a list that points out of the package or at nothing makes no link there', () => {
  list([
    { source: '../../outside', target: '../evil' },
    { source: 'native/lib/absent', target: 'native/lib/dangling' },
    { source: 1 },
  ]);
  makeSymlinks(root.path);
  expect(() => lstatSync(join(root.path, '..', 'evil'))).toThrow();
  expect(() => lstatSync(join(root.path, 'native/lib/dangling'))).toThrow();
});

test('the installed programs are found', () => {
  expect(getBinaries()).toMatchObject({
    majorVersion: '18',
    postgres: expect.stringMatching(/native\/bin\/postgres$/),
  });
});
