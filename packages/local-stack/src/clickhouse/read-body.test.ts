import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRowPieces, readText } from './read-body.ts';

const bounds = { pieceBytesMax: 16, bytesMax: 1_000, isCut: true };

async function pieces(chunks: Buffer[], options = bounds): Promise<string[]> {
  const read: string[] = [];
  for await (const piece of readRowPieces(Readable.from(chunks), options))
    read.push(Buffer.from(piece).toString('utf8'));
  return read;
}

function* split(bytes: Buffer, sizes: number[]): Generator<Buffer> {
  let from = 0;
  for (const size of sizes) {
    yield bytes.subarray(from, from + size);
    from += size;
  }
  yield bytes.subarray(from);
}

test('pieces are whole rows within the bound, nothing is lost, and the cuts do not depend on how bytes arrive', async () => {
  const row = fc
    .string({ unit: 'grapheme', maxLength: 4 })
    .map((text) => text.replaceAll('\n', ' '))
    .filter((text) => Buffer.byteLength(text) < 16);
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 9 })),
      async (rows, sizes) => {
        const text = rows.map((value) => `${value}\n`).join('');
        const whole = await pieces([Buffer.from(text)]);
        expect(whole.join('')).toBe(text);
        for (const piece of whole) {
          expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(16);
          expect(piece.endsWith('\n')).toBe(true);
        }
        expect(await pieces([...split(Buffer.from(text), sizes)])).toEqual(whole);
      },
    ),
    { seed: 19 },
  );
});

test('a row, a format that cannot be cut, or a body beyond its bound is refused', async () => {
  await expect(pieces([Buffer.from('x'.repeat(17))])).rejects.toMatchObject({ code: 161 });
  await expect(
    pieces([Buffer.from('12345678\n12345678\n')], { ...bounds, isCut: false }),
  ).rejects.toMatchObject({ code: 161 });
  await expect(pieces([Buffer.from('1\n'.repeat(600))])).rejects.toMatchObject({ code: 161 });
  await expect(readText(Readable.from([Buffer.alloc(11)]), 10)).rejects.toMatchObject({ code: 161 });
});

test('a body that breaks off is an error, not a shorter body', async () => {
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from('1\n');
      throw new Error('reset');
    })(),
  );
  await expect(readText(broken, 100)).rejects.toMatchObject({ code: 354 });
});
