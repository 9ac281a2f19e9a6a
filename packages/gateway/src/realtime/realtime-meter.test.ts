import type { Json } from '@app/protocol';
import { findPrice } from '@app/providers';
import { aPrincipal, aTarget } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import type { CallRecord } from '../ports.ts';
import { openRealtimeMeter } from './realtime-meter.ts';

const price = findPrice({
  providerId: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  model: 'gpt-realtime',
  at: new Date('2026-11-01T12:00:00Z'),
});

function open(capture: 'full' | 'redacted' | 'metadata' = 'full') {
  const records: CallRecord[] = [];
  let ids = 0;
  const nextId = (): string => `id_${++ids}`;
  const meter = openRealtimeMeter({
    principal: aPrincipal({ capture }),
    target: { ...aTarget(), model: 'gpt-realtime', price },
    route: '/v1/realtime',
    modelAsked: 'gpt-realtime',
    clock: { nowMs: () => 1_000 },
    record: (record) => records.push(record),
    newRequestId: nextId,
    newTraceId: nextId,
    newSpanId: nextId,
  });
  const see = (message: Json) => meter.see(JSON.stringify(message));
  return { meter, records, see };
}

const created = { type: 'response.created', response: {} };
const done = (response: { [name: string]: Json }) => ({ type: 'response.done', response });

test('what was said in a session is kept as its project says, and marked where it has to be redacted', () => {
  const said = (capture: 'full' | 'redacted' | 'metadata') => {
    const { records, see } = open(capture);
    see(created);
    see(done({ status: 'completed', output: [{ type: 'message', content: [{ transcript: 'Hello' }] }] }));
    return records[0];
  };
  const reply = { parts: [{ kind: 'text', text: 'Hello' }] };
  expect(said('full')).toMatchObject({ reply });
  expect(said('full')).not.toHaveProperty('mustRedact');
  expect(said('redacted')).toMatchObject({ reply, mustRedact: true });
  expect(said('metadata')?.reply).toBeUndefined();
});

describe('the cost of a spoken response', () => {
  test('bills each kind of token by its own rate, cached ones once and by theirs', () => {
    const { records, see } = open();
    see(created);
    see(
      done({
        status: 'completed',
        usage: {
          total_tokens: 1_850,
          input_tokens: 1_700,
          output_tokens: 150,
          input_token_details: {
            text_tokens: 1_000,
            audio_tokens: 500,
            image_tokens: 200,
            cached_tokens: 1_000,
            cached_tokens_details: { text_tokens: 600, audio_tokens: 300, image_tokens: 100 },
          },
          output_token_details: { text_tokens: 50, audio_tokens: 100 },
        },
      }),
    );
    const text = 400 * 4_000 + 600 * 400;
    const sound = 200 * 32_000 + 300 * 400;
    const images = 100 * 5_000 + 100 * 500;
    const output = 50 * 16_000 + 100 * 64_000;
    expect(records).toMatchObject([
      { cost: { nanos: text + sound + images + output, label: 'exact' }, attempts: [{ outcome: 'ok' }] },
    ]);
    expect(text + sound + images + output).toBe(16_110_000);
  });

  test('is not known where the session ends in the middle of it', () => {
    const { meter, records, see } = open();
    see(created);
    meter.close({ status: 101, error: undefined });
    expect(records).toMatchObject([{ usage: {}, cost: { nanos: 0, label: 'unknown' } }]);
  });

  test('is not known where its provider does not say what it used', () => {
    const { records, see } = open();
    see(done({ status: 'completed' }));
    expect(records).toMatchObject([{ usage: {}, cost: { nanos: 0, label: 'unknown' } }]);
  });

  test('is nothing for certain where the provider failed before it used anything, and for a session without one', () => {
    const { records, see } = open();
    see(done({ status: 'failed', usage: null }));
    const silent = open();
    silent.meter.close({ status: 101, error: undefined });
    for (const record of [...records, ...silent.records]) {
      expect(record.cost).toEqual({ nanos: 0, label: 'exact', priceVersion: '' });
    }
    expect(records.length + silent.records.length).toBe(2);
  });
});
