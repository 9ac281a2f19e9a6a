import { type CallerDialectId, dialects } from '@app/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAsking, see, withoutIds } from '../../test/ask-sandbox.ts';
import { type Wish, write } from '../../test/sandbox-wishes.ts';
import { createTokenCounter } from './create-token-counter.ts';

const counter = createTokenCounter();
const { ask, send } = createAsking(counter.count);
beforeAll(() => counter.count(['the worker is warm before a test is timed']));
afterAll(() => counter.close());

const ALL = Object.keys(dialects) as CallerDialectId[];

describe.each(ALL)('spoken to in %s', (dialect) => {
  const seeReply = async (wish: Wish) => see(dialect, await ask(dialect, wish));

  test('it repeats the prompt under the name of the model that was asked for, the same way every time', async () => {
    const first = await ask(dialect, {});
    expect(first).toMatchObject({ status: 200, error: undefined });
    expect(first.headers['content-type']).toBe('application/json');
    expect(see(dialect, first)).toMatchObject({
      text: expect.stringContaining('Hello there'),
      reply: { stop: 'end', model: 'gpt-4o-mini' },
    });
    expect((await ask(dialect, {})).text).toBe(first.text);
    const other = await seeReply({ prompt: 'Other' });
    expect(other.reply.id).not.toBe(see(dialect, first).reply.id);
  });

  test('a stream says what the whole reply says, in many chunks, usage included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (prompt) => {
        const whole = await seeReply({ prompt });
        const answer = await ask(dialect, { prompt, stream: true });
        expect(answer.headers['content-type']).toMatch(/^text\/event-stream/);
        expect(answer.chunkCount).toBeGreaterThan(8);
        expect(withoutIds(see(dialect, answer))).toEqual(withoutIds(whole));
      }),
      { seed: 3, numRuns: 15 },
    );
  });

  test('usage is counted by the real tokenizer', async () => {
    const seen = await seeReply({ prompt: 'word '.repeat(500) });
    expect(seen.reply.usage.inputFresh).toBeGreaterThanOrEqual(500);
    expect(seen.reply.usage.inputFresh).toBeLessThan(520);
    const [output] = await counter.count([seen.text]);
    expect(Math.abs((seen.reply.usage.outputText ?? 0) - (output ?? 0))).toBeLessThanOrEqual(3);
  });

  test('no reply is longer than the caller allows, and a cut one says so', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (max) => {
        const seen = await seeReply({ max, prompt: 'sandbox cuts '.repeat(5) });
        expect(seen.reply.usage.outputText ?? 0).toBeLessThanOrEqual(max);
        expect(seen.reply.stop).toBe(seen.text.endsWith('no model was called.') ? 'end' : 'length');
      }),
      { seed: 5, numRuns: 30 },
    );
    expect((await seeReply({ max: 5 })).reply.stop).toBe('length');
  });

  // Responses have no stop sequences.
  test.skipIf(dialect === 'openai-responses')('a stop sequence ends the reply before it', async () => {
    expect((await seeReply({ stop: ['zz', 'there'] })).text).toBe('You said: Hello ');
  });

  test('a request that cannot be read is refused as the provider would, naming the field', async () => {
    const { path, body } = write(dialect, {});
    const field = FIRST_FIELD[dialect];
    for (const bad of ['{', '[]', { ...body, [field]: undefined }, { ...body, [field]: 7 }]) {
      const answer = await send(dialect, { path, body: bad });
      expect(answer.status).toBe(400);
      expect(dialects[dialect].outbound.readError(400, JSON.parse(answer.text)).status).toBe(400);
    }
    const answer = await send(dialect, { path, body: { ...body, [field]: undefined } });
    expect(JSON.parse(answer.text).error.message).toContain(field);
  });

  test('what it cannot answer is said to be unsupported', async () => {
    const answer = await send(dialect, { path: '/nothing/of/this/kind', body: write(dialect, {}).body });
    expect(answer.error?.code).toBe('sandbox_unsupported');
  });

  describe.each(['model', 'prompt'])('with a magic name as its %s', (place) => {
    const magic = (name: string, stream = false): Wish =>
      place === 'model' ? { model: name, stream } : { prompt: `Please ${name} now`, stream };

    test('a refusal has the status, headers and body of the provider', async () => {
      const codes = [
        ['sandbox/429', 429, 'rate_limit_exceeded'],
        ['sandbox/500', 500, 'provider_failed'],
        ['sandbox/context-length', 400, 'context_length_exceeded'],
      ] as const;
      for (const [name, status, code] of codes) {
        const answer = await ask(dialect, magic(name, true));
        expect(answer.status).toBe(status);
        const error = dialects[dialect].outbound.readError(status, JSON.parse(answer.text));
        expect(error.code, name).toBe(code);
        if (status === 429) expect(answer.headers['retry-after'] ?? `${error.detail.retryAfterS}`).toBe('1');
      }
    });

    test('a stream is cut, broken, or filtered in the middle', async () => {
      const cut = await ask(dialect, magic('sandbox/cut-stream', true));
      expect(cut.error?.code).toBe('provider_failed');
      expect(see(dialect, cut)).toMatchObject({
        error: expect.any(String),
        text: expect.stringMatching(/./),
      });
      const malformed = await ask(dialect, magic('sandbox/malformed', true));
      expect(malformed.error).toBeUndefined();
      expect(see(dialect, malformed).error).toBe('provider_bad_response');
      const filtered = see(dialect, await ask(dialect, magic('sandbox/content-filter', true)));
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
      const slow = await ask(dialect, magic('sandbox/slow', true));
      expect(slow.waitedMs).toBeGreaterThan(4_000);
      expect(see(dialect, slow).reply.stop).toBe('end');
      const paced = await ask(dialect, magic('sandbox/pace-100', true));
      expect(paced.waitedMs).toBeGreaterThan(1_000);
      expect((await ask(dialect, magic('sandbox/pace-0', true))).waitedMs).toBe(0);
    });
  });

  test('a sandbox model that does not exist is refused as an unknown model', async () => {
    const answer = await ask(dialect, { model: 'sandbox/nope' });
    expect(answer.status).toBe(404);
    expect(dialects[dialect].outbound.readError(404, JSON.parse(answer.text)).code).toBe('model_not_found');
  });
});

/** The field that a request cannot do without. */
const FIRST_FIELD: Record<CallerDialectId, string> = {
  'openai-chat': 'messages',
  'openai-responses': 'input',
  'openai-completions': 'prompt',
  'anthropic-messages': 'messages',
  gemini: 'contents',
};
