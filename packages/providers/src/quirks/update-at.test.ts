import { expect, test } from 'vitest';
import { setAt, updateAt, valueAt } from './update-at.ts';

const body = { a: { b: 1 }, list: [{ role: 'x', n: 1 }, { role: 'y' }, 'text'], words: ['a', 'b'] };

test('every value at a path is changed, and only what changes is copied', () => {
  const after = updateAt(body, 'list[].role', (role) => (role === 'x' ? 'z' : role));
  expect(after.list).toEqual([{ role: 'z', n: 1 }, { role: 'y' }, 'text']);
  expect(after.a).toBe(body.a);
  expect(updateAt(body, 'list[].role', (role) => role)).toBe(body);
  expect(body.list[0]).toEqual({ role: 'x', n: 1 });
});

test('a value may be taken away, from a list too', () => {
  expect(updateAt(body, 'a.b', () => undefined).a).toEqual({});
  expect(updateAt(body, 'words[]', (word) => (word === 'a' ? undefined : word)).words).toEqual(['b']);
});

test('a path that leads nowhere changes nothing', () => {
  for (const path of ['nothing', 'a.b.c', 'a[].b', 'list.role', 'words[].x']) {
    expect(updateAt(body, path, () => 'new')).toBe(body);
  }
});

test('a value is found and set through objects', () => {
  expect(valueAt(body, 'a.b')).toBe(1);
  expect(valueAt(body, 'words.b')).toBeUndefined();
  expect(setAt(body, 'a.c.d', true).a).toEqual({ b: 1, c: { d: true } });
  expect(setAt({ words: 'text' }, 'words.a', 1)).toEqual({ words: { a: 1 } });
});
