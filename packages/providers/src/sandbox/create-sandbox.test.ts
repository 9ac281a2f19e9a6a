import { type CallerDialectId, dialects } from '@app/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAsk, requestBody, see, streamOptions, withoutIds } from '../../test/ask-sandbox.ts';
import { createTokenCounter } from './create-token-counter.ts';

const counter = createTokenCounter();
const ask = createAsk(counter.count);
beforeAll(() => counter.count(['the worker is warm before a test is timed']));
afterAll(() => counter.close());

const BOTH: CallerDialectId[] = ['openai-chat', 'anthropic-messages'];

describe.each(BOTH)('spoken to in %s', (dialect) => {
  test('it repeats the prompt under the name of the model that was asked for, the same way every time', async () => {
    const first = await ask(dialect, requestBody({}));
    expect(first).toMatchObject({ status: 200, error: undefined });
    expect(first.headers['content-type']).toBe('application/json');
    expect(JSON.parse(first.text).model).toBe('gpt-4o-mini');
    expect(see(dialect, first)).toMatchObject({
      text: expect.stringContaining('Hello there'),
      reply: { stop: 'end' },
    });
    expect((await ask(dialect, requestBody({}))).text).toBe(first.text);
    expect(JSON.parse((await ask(dialect, requestBody({}, 'Other'))).text).id).not.toBe(
      JSON.parse(first.text).id,
    );
  });

  test('a stream says what the whole reply says, in many chunks, usage included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (prompt) => {
        const whole = see(dialect, await ask(dialect, requestBody({}, prompt)));
        const answer = await ask(dialect, requestBody(streamOptions(dialect), prompt));
        const streamed = see(dialect, answer);
        expect(answer.chunkCount).toBeGreaterThan(10);
        expect(withoutIds(streamed)).toEqual(withoutIds(whole));
      }),
      { seed: 3, numRuns: 15 },
    );
  });

  test('usage is counted by the real tokenizer', async () => {
    const seen = see(dialect, await ask(dialect, requestBody({}, 'word '.repeat(500))));
    expect(seen.reply.usage.inputFresh).toBeGreaterThanOrEqual(500);
    expect(seen.reply.usage.inputFresh).toBeLessThan(520);
    const [output] = await counter.count([seen.text]);
    expect(Math.abs((seen.reply.usage.outputText ?? 0) - (output ?? 0))).toBeLessThanOrEqual(3);
  });

  test('no reply is longer than the caller allows, and a cut one says so', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (max) => {
        const seen = see(
          dialect,
          await ask(dialect, requestBody({ max_tokens: max }, 'sandbox cuts '.repeat(5))),
        );
        expect(seen.reply.usage.outputText ?? 0).toBeLessThanOrEqual(max);
        expect(seen.reply.stop).toBe(seen.text.endsWith('no model was called.') ? 'end' : 'length');
      }),
      { seed: 5, numRuns: 30 },
    );
    expect(see(dialect, await ask(dialect, requestBody({ max_tokens: 5 }))).reply.stop).toBe('length');
  });

  test('a stop sequence ends the reply before it', async () => {
    const stops = dialect === 'openai-chat' ? { stop: ['zz', 'there'] } : { stop_sequences: ['zz', 'there'] };
    const answer = await ask(dialect, requestBody(stops));
    expect(see(dialect, answer).text).toBe('You said: Hello ');
    expect(answer.text).toContain(
      dialect === 'openai-chat' ? '"finish_reason":"stop"' : '"stop_sequence":"there"',
    );
  });

  test('a request that cannot be read is refused as the provider would, naming the field', async () => {
    for (const bad of ['{', '[]', { model: 'm', max_tokens: 5 }, requestBody({ messages: 'hi' })]) {
      const answer = await ask(dialect, bad);
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.text).error.type).toBe('invalid_request_error');
    }
    expect(JSON.parse((await ask(dialect, { model: 'm', max_tokens: 5 })).text).error.message).toContain(
      'messages',
    );
  });

  test('what it cannot answer is said to be unsupported', async () => {
    const answer = await ask(dialect, requestBody({}), '/images/generations');
    expect(answer.error?.code).toBe('sandbox_unsupported');
  });

  describe.each(['model', 'prompt'])('with a magic name as its %s', (place) => {
    const magic = (name: string, fields = {}) =>
      place === 'model' ? requestBody({ model: name, ...fields }) : requestBody(fields, `Please ${name} now`);

    test('a refusal has the status, headers and body of the provider', async () => {
      const codes = [
        ['sandbox/429', 429, 'rate_limit_exceeded'],
        ['sandbox/500', 500, 'provider_failed'],
        ['sandbox/context-length', 400, 'context_length_exceeded'],
      ] as const;
      for (const [name, status, code] of codes) {
        const answer = await ask(dialect, magic(name, streamOptions(dialect)));
        expect(answer.status).toBe(status);
        const error = dialects[dialect].outbound.readError(status, JSON.parse(answer.text));
        expect(error.code, name).toBe(code);
        if (status === 429) expect(answer.headers['retry-after']).toBe('1');
      }
    });

    test('a stream is cut, broken, or filtered in the middle', async () => {
      const stream = streamOptions(dialect);
      const cut = await ask(dialect, magic('sandbox/cut-stream', stream));
      expect(cut.error?.code).toBe('provider_failed');
      expect(see(dialect, cut)).toMatchObject({
        error: expect.any(String),
        text: expect.stringMatching(/./),
      });
      const malformed = await ask(dialect, magic('sandbox/malformed', stream));
      expect(malformed.error).toBeUndefined();
      expect(see(dialect, malformed).error).toBe('provider_bad_response');
      const filtered = see(dialect, await ask(dialect, magic('sandbox/content-filter', stream)));
      expect(filtered.reply.stop).toBe('refusal');
      expect(filtered.text.length).toBeGreaterThan(5);
    });

    test('a whole reply is cut, broken, or filtered too', async () => {
      const cut = await ask(dialect, magic('sandbox/cut-stream'));
      expect(cut).toMatchObject({ status: 200, error: { code: 'provider_failed' } });
      const malformed = await ask(dialect, magic('sandbox/malformed'));
      expect(malformed.error).toBeUndefined();
      expect(() => JSON.parse(malformed.text)).toThrow(SyntaxError);
      expect(see(dialect, await ask(dialect, magic('sandbox/content-filter'))).reply.stop).toBe('refusal');
    });

    test('a time-out answers nothing for longer than any deadline; slow is slow; a pace is kept', async () => {
      const silent = await ask(dialect, magic('sandbox/timeout'));
      expect(silent).toMatchObject({ status: 0, text: '', error: { code: 'provider_timeout' } });
      expect(silent.waitedMs).toBeGreaterThanOrEqual(600_000);
      const slow = await ask(dialect, magic('sandbox/slow', streamOptions(dialect)));
      expect(slow.waitedMs).toBeGreaterThan(4_000);
      expect(see(dialect, slow).reply.stop).toBe('end');
      const paced = await ask(dialect, magic('sandbox/pace-100', streamOptions(dialect)));
      expect(paced.waitedMs).toBeGreaterThan(1_000);
      expect((await ask(dialect, magic('sandbox/pace-0', streamOptions(dialect)))).waitedMs).toBe(0);
    });
  });

  test('a sandbox model that does not exist is refused as an unknown model', async () => {
    const answer = await ask(dialect, requestBody({ model: 'sandbox/nope' }));
    expect(answer.status).toBe(404);
    expect(dialects[dialect].outbound.readError(404, JSON.parse(answer.text)).code).toBe('model_not_found');
  });
});
