import { expect, test } from 'vitest';
import { readImportedSecret } from './imported-secret.ts';

const rest = 'aB3dE5gH7jK9mN1pQ3sT5v';

test.each([
  ['tr_', 'gateway', 'live', undefined],
  ['tr_live_', 'gateway', 'live', undefined],
  ['tr_test_', 'gateway', 'test', undefined],
  ['tr_prod_', 'gateway', 'live', 'production'],
  ['tr_dev_', 'gateway', undefined, 'development'],
  ['tr_staging_', 'gateway', undefined, 'staging'],
  ['tt_live_', 'ingest', 'live', undefined],
  ['tt_test_', 'ingest', 'test', undefined],
  ['tt_prod_', 'ingest', 'live', 'production'],
])('a key that begins with %s is a %s key of mode %s', (...row) => {
  const [prefix, kind, mode, environment] = row;
  const read = readImportedSecret(` ${prefix}${rest}\n`);
  if (!read.ok) throw new Error(read.problem);
  const { reveal, ...shown } = read.imported;
  expect(shown).toEqual({ prefix, kind, mode, environment, lastFour: rest.slice(-4) });
  expect(reveal()).toBe(`${prefix}${rest}`);
  expect(JSON.stringify(read)).not.toContain(rest);
});

test.each([
  ['', 'begins with none of'],
  [`sk-${rest}`, 'begins with none of'],
  [`tt_${rest}`, 'begins with none of'],
  ['tr_short', 'at least 20'],
  [`tr_live_${'a'.repeat(201)}`, 'at most 200'],
  [`tr_live_${rest} ${rest}`, 'letters, digits'],
  [`tr_live_${rest}\n${rest}`, 'letters, digits'],
])('%j is refused by a sentence that repeats nothing of it', (text, words) => {
  const read = readImportedSecret(text);
  expect(!read.ok && read.problem).toContain(words);
  if (!read.ok && text.length > 20) expect(read.problem).not.toContain(text.slice(8, 24));
});
