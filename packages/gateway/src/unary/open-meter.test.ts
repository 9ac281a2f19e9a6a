import type { JsonObject } from '@app/protocol';
import { describe, expect, test } from 'vitest';
import { openMeter } from './open-meter.ts';
import { usageReader } from './read-usage.ts';

const readUsage = usageReader('outputText');
const bytes = (text: string) => Buffer.from(text);

function meter(text: string, { isJson = true, piece = 1_000 } = {}) {
  const open = openMeter({ isJson, readUsage });
  const all = bytes(text);
  for (let at = 0; at < all.length; at += piece) open.see(all.subarray(at, at + piece));
  return open.read();
}

describe('usage in what passes by', () => {
  test.each<[string, JsonObject, object]>([
    [
      'tokens in and out',
      { usage: { prompt_tokens: 3, completion_tokens: 4 } },
      { inputFresh: 3, outputText: 4 },
    ],
    ['only a total', { usage: { total_tokens: 9 } }, { inputFresh: 9 }],
    [
      'details',
      {
        usage: {
          input_tokens: 9,
          input_tokens_details: { image_tokens: 4, cached_tokens: 2 },
          output_tokens: 1,
        },
      },
      { inputFresh: 3, inputImage: 4, inputCacheRead: 2, outputText: 1 },
    ],
    [
      'details that do not add up',
      { usage: { input_tokens: 3, input_token_details: { audio_tokens: 4 } } },
      { inputFresh: 3 },
    ],
    ['numbers that are none', { usage: { input_tokens: -1, output_tokens: 1e300 } }, {}],
    ['nothing', { results: [] }, {}],
  ])('is read from %s', (_, body, usage) => {
    expect(meter(JSON.stringify(body)).usage).toEqual(usage);
  });

  test('is seconds where sound is billed by them', () => {
    expect(meter('{"text":"a","usage":{"type":"duration","seconds":1.5}}')).toEqual({
      usage: {},
      soundMs: 1_500,
    });
    expect(meter('{"text":"a","duration":2}').soundMs).toBe(2_000);
  });

  test('is found at the end of what is too long to keep, however it is cut', () => {
    const long = `{"data":"${'x'.repeat(2_000_000)}","usage":{"input_tokens":1,"output_tokens":{},"total_tokens":5}}`;
    for (const piece of [7_777, 65_536, 3_000_000])
      expect(meter(long, { piece }).usage).toEqual({ inputFresh: 1 });
  });

  test('is the last word of a stream of events', () => {
    const events =
      'data: {"usage":{"input_tokens":1}}\n\ndata: {"usage":{"input_tokens":2}}\n\ndata: [DONE]\n\n';
    expect(meter(events, { isJson: false, piece: 3 }).usage).toEqual({ inputFresh: 2 });
  });

  test('is not believed where it is quoted', () => {
    const quoted = JSON.stringify({ text: 'it says "usage": {"input_tokens": 7}' });
    expect(meter(quoted).usage).toEqual({});
    expect(meter(`data: ${quoted}\n\n`, { isJson: false }).usage).toEqual({});
  });

  test('keeps no more than its end of an endless answer', () => {
    const open = openMeter({ isJson: true, readUsage });
    for (let at = 0; at < 200; at += 1) open.see(bytes('x'.repeat(100_000)));
    expect(open.text()).toBeUndefined();
    expect(open.read()).toEqual({ usage: {} });
  });
});

test('a provider that sends a byte at a time costs no more than its bytes', () => {
  const meter = openMeter({ isJson: false, readUsage: usageReader('outputText') });
  const startedAt = performance.now();
  for (const byte of Buffer.from('data: x\n'.repeat(100_000))) meter.see(Uint8Array.of(byte));
  for (const byte of Buffer.from('data: {"usage":{"output_tokens":7}}\n\n')) meter.see(Uint8Array.of(byte));
  expect(meter.read()).toEqual({ usage: { outputText: 7 } });
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});
