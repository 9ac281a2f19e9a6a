import { afterAll, expect, test } from 'vitest';
import { makeTestFolder } from '../../test/open-test-clickhouse.ts';
import { checkKey } from './check-key.ts';

const folder = makeTestFolder();
const key = Buffer.alloc(32, 1);

afterAll(() => folder.remove());

test('a data folder is opened with the key it was made with, and with no other', () => {
  checkKey(folder.path, key);
  checkKey(folder.path, Buffer.from(key));
  expect(() => checkKey(folder.path, Buffer.alloc(32, 2))).toThrow(/another master key/);
  expect(() => checkKey(folder.path, 'none')).toThrow(/another master key/);
  expect(() => checkKey(folder.path, key.subarray(16))).toThrow(/32 bytes/);
});
