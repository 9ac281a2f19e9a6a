import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findLeakedKeys, type LeakedKey } from './find-leaked-keys.ts';
import { newKeySecret } from './key-secret.ts';

const secretOf = (n: number, mode: 'live' | 'test' = 'live') =>
  newKeySecret(n % 2 === 0 ? 'gateway' : 'ingest', mode, () => createHash('sha256').update(`${n}`).digest());

async function find(...pieces: string[]): Promise<LeakedKey[]> {
  const found: LeakedKey[] = [];
  for await (const key of findLeakedKeys(bytesOf(pieces))) found.push(key);
  return found;
}

async function* bytesOf(pieces: readonly string[]) {
  for (const piece of pieces) yield Buffer.from(piece);
}

test('keys are found wherever they stand, with their line and column', async () => {
  const [one, two, three] = [secretOf(1), secretOf(2, 'test'), secretOf(3)];
  const text = `first line\nKEY="${one}"\n\n{"a":"${two}","b":"%3D${three}"}`;
  expect(await find(text)).toEqual([
    { line: 2, column: 6, secret: one },
    { line: 4, column: 7, secret: two },
    { line: 4, column: 7 + two.length + 10, secret: three },
  ]);
});

test('what only looks like a key is none of ours', async () => {
  const secret = secretOf(1);
  const changed = `${secret.slice(0, 20)}${secret[20] === 'a' ? 'b' : 'a'}${secret.slice(21)}`;
  for (const text of [
    changed,
    secret.slice(0, -1),
    secret.replace('_live_', '_prod_'),
    `sk-${'a'.repeat(48)}`,
    '',
  ]) {
    expect(await find(text)).toEqual([]);
  }
});

test('the end of what looks like a key can be the beginning of one', async () => {
  const secret = secretOf(2);
  const decoy = `tr_live_${'0'.repeat(47)}`;
  expect(await find(decoy + secret)).toEqual([{ line: 1, column: decoy.length + 1, secret }]);
});

test('the answer is the same however the text is cut into pieces', async () => {
  const text = Array.from({ length: 6 }, (_, n) => `${'x\n'.repeat(n * 7)}${secretOf(n)}`).join('tr_live_');
  const whole = await find(text);
  expect(whole).toHaveLength(6);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 30 }), async (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), text.length];
      const pieces = places.slice(1).map((end, at) => text.slice(places[at], end));
      expect(await find(...pieces)).toEqual(whole);
    }),
    { seed: 5, numRuns: 200 },
  );
});
