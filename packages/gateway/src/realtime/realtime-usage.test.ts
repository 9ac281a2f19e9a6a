import { expect, test } from 'vitest';
import { readRealtimeUsage } from './realtime-usage.ts';

test('tokens are told apart by kind, cached ones only once', () => {
  const usage = readRealtimeUsage({
    total_tokens: 253,
    input_tokens: 132,
    output_tokens: 121,
    input_token_details: {
      text_tokens: 119,
      audio_tokens: 13,
      image_tokens: 0,
      cached_tokens: 64,
      cached_tokens_details: { text_tokens: 60, audio_tokens: 4, image_tokens: 0 },
    },
    output_token_details: { text_tokens: 30, audio_tokens: 91 },
  });
  expect(usage).toEqual({
    inputFresh: 59,
    inputAudio: 9,
    inputImage: 0,
    inputCacheRead: 60,
    inputCacheReadAudio: 4,
    outputText: 30,
    outputAudio: 91,
  });
  expect(Object.values(usage).reduce((sum, tokens) => sum + tokens, 0)).toBe(253);
});

test('what was cached is text where its kinds are not told, and counts once all the same', () => {
  const usage = readRealtimeUsage({
    input_tokens: 100,
    output_tokens: 5,
    input_token_details: { text_tokens: 100, audio_tokens: 0, cached_tokens: 64 },
  });
  expect(usage).toEqual({ inputFresh: 36, inputAudio: 0, inputCacheRead: 64, outputText: 5 });
});

test('totals alone count as text', () => {
  expect(readRealtimeUsage({ input_tokens: 7, output_tokens: 3 })).toEqual({ inputFresh: 7, outputText: 3 });
});

test.each([undefined, null, 'many', { input_tokens: -1, output_tokens: 1.5 }, { input_token_details: [] }])(
  'figures that are none are not made up: %j',
  (wire) => expect(readRealtimeUsage(wire)).toEqual({}),
);
