import { staysSilent } from '@app/testkit';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { testKeys } from '../../test-keys.ts';
import { TEXT, useMatrix } from './client-matrix.ts';
import { dialects } from './played-provider.ts';

const ASK = { model: 'the-model', messages: [{ role: 'user' as const, content: 'Hello?' }] };

describe.each(dialects)('what goes wrong with openai, before a provider of %s', (dialect) => {
  const matrix = useMatrix(dialect);
  const client = (more: { apiKey?: string; maxRetries?: number } = {}) =>
    new OpenAI({ apiKey: testKeys.live, baseURL: `${matrix.url}/v1`, maxRetries: 0, ...more });
  const surfaces: [string, (openai: OpenAI, model?: string) => Promise<unknown>][] = [
    ['chat', (openai, model = 'the-model') => openai.chat.completions.create({ ...ASK, model })],
    [
      'chat in a stream',
      (openai, model = 'the-model') => openai.chat.completions.create({ ...ASK, model, stream: true }),
    ],
    ['responses', (openai, model = 'the-model') => openai.responses.create({ model, input: 'Hello?' })],
    [
      'responses in a stream',
      (openai, model = 'the-model') => openai.responses.create({ model, input: 'Hello?', stream: true }),
    ],
  ];

  describe.each(surfaces)('%s', (_name, call) => {
    test('errors of ours have the class of their status, and the provider is not asked', async () => {
      const failures = [
        await failureOf(call(client({ apiKey: 'tr_live_nobody' }))),
        await failureOf(call(client({ apiKey: testKeys.noPermission }))),
        await failureOf(call(client(), 'no-such-model')),
      ];
      expect(failures[0]).toBeInstanceOf(OpenAI.AuthenticationError);
      expect(failures[0]).toMatchObject({
        status: 401,
        code: 'invalid_api_key',
        type: 'authentication_error',
      });
      expect(failures[1]).toBeInstanceOf(OpenAI.PermissionDeniedError);
      expect(failures[1]).toMatchObject({ status: 403, code: 'insufficient_permissions' });
      expect(failures[2]).toBeInstanceOf(OpenAI.NotFoundError);
      expect(failures[2]).toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
      for (const failure of failures)
        expect(failure).toMatchObject({ requestID: expect.stringMatching(/^req_/) });
      expect(matrix.upstream.requests).toEqual([]);
    });

    test("a provider's refusals have their class, and its sentence where it is the caller's fault", async () => {
      matrix.upstream.play(matrix.refusal(400, 'No such thing.'));
      const bad = await failureOf(call(client()));
      expect(bad).toBeInstanceOf(OpenAI.BadRequestError);
      expect(bad).toMatchObject({ status: 400, message: expect.stringContaining('No such thing.') });
      matrix.upstream.play(matrix.refusal(429, 'Slow down.'));
      const limited = await failureOf(call(client()));
      expect(limited).toBeInstanceOf(OpenAI.RateLimitError);
      expect(limited).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
      matrix.upstream.play(matrix.refusal(500, 'secret inner workings'));
      const failed = await failureOf(call(client()));
      expect(failed).toBeInstanceOf(OpenAI.InternalServerError);
      expect(failed).toMatchObject({ status: 502, code: 'provider_failed' });
      matrix.upstream.play(matrix.refusal(401, 'wrong key'));
      expect(await failureOf(call(client()))).toMatchObject({ status: 502, code: 'provider_failed' });
    });
  });

  test('a client that tries again does so after a limit, and not after a refusal', async () => {
    const { upstream } = matrix;
    upstream.play(matrix.refusal(429, 'Slow down.'), matrix.says({ text: TEXT }));
    const reply = await client({ maxRetries: 1 }).chat.completions.create(ASK);
    expect(reply.choices[0]?.message.content).toBe(TEXT);
    expect(upstream.requests).toHaveLength(2);
    upstream.play(matrix.refusal(400, 'No such thing.'));
    await failureOf(client({ maxRetries: 1 }).chat.completions.create(ASK));
    expect(upstream.requests).toHaveLength(3);
  });

  test('a stream that breaks off in the middle is an error, and never a short reply', async () => {
    matrix.playsWith({ text: TEXT }, { ending: 'cut' });
    const chat = client()
      .chat.completions.stream({ ...ASK })
      .finalChatCompletion();
    expect(await failureOf(chat)).toBeInstanceOf(OpenAI.APIError);
    const response = client().responses.stream({ model: 'the-model', input: 'Hello?' });
    expect(await failureOf(response.finalResponse())).toBeInstanceOf(Error);
  });

  test('a caller that aborts takes the provider with it', async () => {
    matrix.upstream.play(staysSilent);
    const controller = new AbortController();
    const asked = client().chat.completions.create(ASK, { signal: controller.signal });
    const request = await matrix.upstream.received(0);
    controller.abort();
    await expect(asked).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    expect(await request.closed).toBe('aborted');
    expect(await matrix.server.recorded(0)).toMatchObject({ status: 499 });
  });
});

async function failureOf(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => {
      throw new Error('the call went well');
    },
    (error: unknown) => error,
  );
}
