import type { JsonObject } from '@app/protocol';
import type { Operation } from '@app/providers';
import { aPrice, aTarget } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import type { FormPart } from './multipart/read-multipart.ts';
import { soundSeconds } from './sound-seconds.ts';
import { unaryWorst } from './unary-worst.ts';

const target = aTarget({
  price: aPrice({ rates: { inputFresh: 1_000_000, outputText: 2_000_000, outputImage: 40_000_000 } }),
});

type Wish = { parts?: FormPart[]; isStrict?: boolean };

function worst(ability: Operation, json: JsonObject, { parts = [], isStrict = false }: Wish = {}) {
  const bodyText = parts.length > 0 ? '' : JSON.stringify(json);
  return unaryWorst(
    { ability, input: { json, form: { parts } }, bodyText, isSandbox: false },
    target,
    isStrict,
  );
}

function file(bytes: Buffer, name = 'file'): FormPart {
  return { name, filename: 'a.bin', contentType: undefined, bytes };
}

function field(name: string, value: string): FormPart {
  return { name, filename: undefined, contentType: undefined, bytes: Buffer.from(value) };
}

describe('the worst case of', () => {
  test('texts is half their bytes, strictly all of them, and no output', () => {
    for (const ability of ['embeddings', 'moderations'] as const) {
      const found = worst(ability, { input: 'x'.repeat(2_000) });
      expect(found).toMatchObject({ outputTokens: 0, costNanos: found.inputTokens * 1_000 });
      expect(found.inputTokens).toBeGreaterThan(1_000);
      expect(found.inputTokens).toBeLessThan(1_100);
      expect(worst(ability, { input: 'x'.repeat(2_000) }, { isStrict: true }).inputTokens).toBeGreaterThan(
        2_000,
      );
    }
  });

  test('ranking reads the question again with each document', () => {
    const query = 'q'.repeat(200);
    const [one, many] = [['a'], Array.from({ length: 50 }, () => 'a')].map(
      (documents) => worst('rerank', { query, documents }).inputTokens,
    );
    expect((many ?? 0) - (one ?? 0)).toBeGreaterThan(49 * 100);
  });

  test('pictures is as many of them as are asked for, by quality', () => {
    const one = worst('images', { prompt: 'a cat' });
    expect(one.outputTokens).toBeGreaterThan(6_208);
    expect(worst('images', { prompt: 'a cat', n: 4 }).outputTokens).toBe(4 * one.outputTokens);
    expect(worst('images', { prompt: 'a cat', quality: 'low' }).outputTokens).toBeLessThan(600);
    // Each token of a picture at its own rate.
    expect(one.costNanos).toBeGreaterThan(6_208 * 40_000);
    const form = [field('prompt', 'a cat'), field('n', '2'), file(Buffer.alloc(10), 'image')];
    const edited = worst('images', {}, { parts: form });
    expect(edited.outputTokens).toBe(2 * one.outputTokens);
    expect(edited.inputTokens).toBeGreaterThan(2_000);
  });

  test.each([-1, 0, 1e9, Number.NaN, 'many', null])(
    'pictures counted as %s is a number all the same',
    (n) => {
      const { outputTokens } = worst('images', { prompt: 'a cat', n });
      expect(outputTokens).toBeGreaterThan(6_000);
      expect(outputTokens).toBeLessThan(70_000);
    },
  );

  test('speech grows with its letters, and sound with its length', () => {
    expect(worst('speech', { input: 'x'.repeat(4_000) }).outputTokens).toBeGreaterThan(5_600);
    const heard = worst('transcription', {}, { parts: [file(Buffer.alloc(2_000 * 60))] });
    expect(heard.inputTokens).toBeGreaterThanOrEqual(60 * 32);
    const hour = aTarget({ price: { ...aPrice(), rates: {}, soundHour: 360_000_000_000 } });
    const form = { parts: [file(Buffer.alloc(2_000 * 60))] };
    const asked = {
      ability: 'transcription',
      input: { json: {}, form },
      bodyText: '',
      isSandbox: false,
    } as const;
    // Six dollars an hour... of which this is a minute.
    expect(unaryWorst(asked, hour, false).costNanos).toBe(6_000_000);
  });

  test('files, batches and counts of tokens is nothing, and the sandbox costs nothing', () => {
    for (const ability of ['files', 'batches', 'count-tokens'] as const)
      expect(worst(ability, { input: 'x'.repeat(99) })).toMatchObject({ inputTokens: 0, outputTokens: 0 });
    const input = { json: { input: 'x' }, form: { parts: [] } };
    const asked = { ability: 'embeddings', input, bodyText: '{"input":"x"}', isSandbox: true } as const;
    expect(unaryWorst(asked, target, false).costNanos).toBe(0);
  });
});

test('a wave file lasts what its head says, and one that lies is no shorter than its bytes allow', () => {
  const wave = (rate: number) => {
    const bytes = Buffer.alloc(44 + 320_000);
    bytes.write('RIFF', 0, 'latin1');
    bytes.write('WAVEfmt ', 8, 'latin1');
    bytes.writeUInt32LE(rate, 28);
    return bytes;
  };
  expect(soundSeconds(wave(32_000), false)).toBe(11);
  for (const rate of [0, 1, 4_000_000_000]) expect(soundSeconds(wave(rate), false)).toBe(161);
  expect(soundSeconds(Buffer.alloc(0), true)).toBe(0);
  expect(soundSeconds(Buffer.alloc(2_000), true)).toBe(2);
});
