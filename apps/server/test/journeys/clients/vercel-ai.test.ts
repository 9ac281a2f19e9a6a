import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { staysSilent } from '@app/testkit';
import { APICallError, generateText, isStepCount, type LanguageModel, Output, streamText, tool } from 'ai';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { testKeys } from '../../test-keys.ts';
import { COUNTED, PIXEL, TEXT, TIME, useMatrix, WEATHER } from './client-matrix.ts';
import { dialects, type Upstream } from './played-provider.ts';

type Vercel = {
  model: (url: string, apiKey?: string) => LanguageModel;
  /** Asks for thoughts, in the words of the maker. */
  thinking: NonNullable<Parameters<typeof generateText>[0]['providerOptions']>;
  /** Whether this provider shows thoughts, and brings their seals back. */
  thinks: boolean;
  /** How it writes the result of a tool, where not as the plain text. */
  wraps?: (name: string, result: string) => string;
};

const live = testKeys.live;
const VERCEL: [name: string, Vercel][] = [
  [
    'OpenAI, chat',
    {
      model: (url, apiKey = live) => createOpenAI({ apiKey, baseURL: `${url}/v1` }).chat('gpt-5'),
      thinking: { openai: { reasoningEffort: 'low' } },
      thinks: false,
    },
  ],
  [
    'OpenAI, responses',
    {
      model: (url, apiKey = live) => createOpenAI({ apiKey, baseURL: `${url}/v1` })('gpt-5'),
      thinking: { openai: { reasoningEffort: 'low', reasoningSummary: 'auto' } },
      thinks: true,
    },
  ],
  [
    'OpenAI, responses that are not stored',
    {
      model: (url, apiKey = live) => createOpenAI({ apiKey, baseURL: `${url}/v1` })('gpt-5'),
      thinking: { openai: { reasoningEffort: 'low', reasoningSummary: 'auto', store: false } },
      thinks: true,
    },
  ],
  [
    'Anthropic',
    {
      model: (url, apiKey = live) => createAnthropic({ apiKey, baseURL: `${url}/v1` })('claude-sonnet-4-5'),
      thinking: { anthropic: { thinking: { type: 'enabled', budgetTokens: 2_000 } } },
      thinks: true,
    },
  ],
  [
    'Google',
    {
      model: (url, apiKey = live) => createGoogle({ apiKey, baseURL: `${url}/v1beta` })('gemini-2.5-flash'),
      thinking: { google: { thinkingConfig: { includeThoughts: true, thinkingBudget: 2_000 } } },
      thinks: true,
      wraps: (name, content) => JSON.stringify({ name, content }),
    },
  ],
];

const SEAL = btoa('a seal of the maker, long enough');
const ASK = { instructions: 'Be brief.', prompt: 'Hello?', maxRetries: 0 } as const;

/** Two tools, and what they were called with. */
function createTools() {
  const called: object[] = [];
  const answering = (name: string, result: string) =>
    tool({
      description: `Tells: ${result}.`,
      inputSchema: z.looseObject({}),
      execute: (input) => {
        called.push({ name, input });
        return result;
      },
    });
  return {
    called,
    tools: { get_weather: answering('get_weather', 'rain'), get_time: answering('get_time', '12:00') },
  };
}

describe.each(VERCEL)("Vercel's ai with its provider of %s", (_name, vercel) => {
  describe.each(dialects)('before a provider of %s', (dialect) => {
    const matrix = useMatrix(dialect);
    const model = (apiKey?: string) => vercel.model(matrix.url, apiKey);

    test('a text comes whole and in a stream, with its usage', async () => {
      matrix.plays({ text: TEXT });
      const whole = await generateText({ ...ASK, model: model(), maxOutputTokens: 300 });
      const stream = streamText({ ...ASK, model: model() });
      const pieces: string[] = [];
      for await (const piece of stream.textStream) pieces.push(piece);
      expect(pieces.join('')).toBe(TEXT);
      expect(pieces.length).toBeGreaterThan(2);
      for (const [text, finishReason, usage] of [
        [whole.text, whole.finishReason, whole.usage],
        [await stream.text, await stream.finishReason, await stream.usage],
      ]) {
        expect({ text, finishReason }).toEqual({ text: TEXT, finishReason: 'stop' });
        expect(usage).toMatchObject({
          inputTokens: COUNTED.input,
          inputTokenDetails: { cacheReadTokens: COUNTED.cached },
          outputTokens: COUNTED.output,
        });
      }
      const { system, said, outputTokensMax } = matrix.sent(0);
      expect({ system, said, outputTokensMax }).toEqual({
        system: 'Be brief.',
        said: ['Hello?'],
        outputTokensMax: 300,
      });
    });

    test.each([false, true])(
      'a loop of steps calls tools, with sealed thoughts between (stream: %s)',
      async (isStream) => {
        const call = { thought: 'Two and two.', signature: SEAL, tool: [WEATHER, TIME] };
        matrix.plays(call, { text: 'Rain at noon.' });
        const { called, tools } = createTools();
        const body = {
          ...ASK,
          model: model(),
          tools,
          stopWhen: isStepCount(5),
          providerOptions: vercel.thinking,
        };
        const result = isStream ? streamText(body) : await generateText(body);
        expect(await result.text).toBe('Rain at noon.');
        const steps = await result.steps;
        expect(called).toEqual([
          { name: 'get_weather', input: WEATHER.input },
          { name: 'get_time', input: TIME.input },
        ]);
        expect(steps.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'stop']);
        if (vercel.thinks) expect(steps[0]?.reasoningText).toBe('Two and two.');
        const sent = matrix.sent(1);
        expect(sent.tools.map(({ name, description }) => ({ name, description }))).toEqual([
          { name: 'get_weather', description: 'Tells: rain.' },
          { name: 'get_time', description: 'Tells: 12:00.' },
        ]);
        expect(sent.calls.map(({ name, input }) => ({ name, input }))).toEqual([
          { name: 'get_weather', input: WEATHER.input },
          { name: 'get_time', input: TIME.input },
        ]);
        const { wraps = (_tool: string, result: string) => result } = vercel;
        expect(sent.results.map(({ text }) => text)).toEqual([
          wraps('get_weather', 'rain'),
          wraps('get_time', '12:00'),
        ]);
        expect(sent.seals).toEqual(comesBack(vercel, dialect) ? [SEAL] : []);
      },
    );

    test.each([false, true])(
      'an object fits its schema, and an image arrives (stream: %s)',
      async (isStream) => {
        matrix.plays({ text: '{"city":"Zürich"}' });
        const body = {
          model: model(),
          maxRetries: 0,
          output: Output.object({ schema: z.object({ city: z.string() }) }),
          messages: [
            {
              role: 'user' as const,
              content: [
                { type: 'text' as const, text: 'Where is this?' },
                { type: 'file' as const, mediaType: 'image/png', data: PIXEL },
              ],
            },
          ],
        };
        const result = isStream ? streamText(body) : await generateText(body);
        expect(await result.output).toEqual({ city: 'Zürich' });
        const { schema, media } = matrix.sent(0);
        expect(schema).toMatchObject({ type: 'object', properties: { city: { type: 'string' } } });
        expect(media).toEqual([PIXEL]);
      },
    );

    test('errors have their status, and say whether another try can help', async () => {
      const failing = async (apiKey?: string) => {
        const error = await generateText({ ...ASK, model: model(apiKey) }).catch((thrown: unknown) => thrown);
        expect(APICallError.isInstance(error)).toBe(true);
        const { statusCode, isRetryable } = error as APICallError;
        return { statusCode, isRetryable };
      };
      expect(await failing('tr_live_nobody')).toEqual({ statusCode: 401, isRetryable: false });
      expect(await failing(testKeys.noPermission)).toEqual({ statusCode: 403, isRetryable: false });
      matrix.upstream.play(matrix.refusal(400, 'No such thing.'));
      expect(await failing()).toEqual({ statusCode: 400, isRetryable: false });
      matrix.upstream.play(matrix.refusal(429, 'Slow down.'));
      expect(await failing()).toEqual({ statusCode: 429, isRetryable: true });
      matrix.upstream.play(matrix.refusal(500, 'inner workings'));
      expect(await failing()).toEqual({ statusCode: 502, isRetryable: true });
    });

    test('a stream that breaks off is an error, and one that is left takes the provider with it', async () => {
      matrix.playsWith({ text: TEXT }, { ending: 'cut' });
      const errors: unknown[] = [];
      const cut = streamText({ ...ASK, model: model(), onError: ({ error }) => errors.push(error) });
      await cut.consumeStream();
      expect(errors).not.toEqual([]);
      matrix.upstream.play(staysSilent);
      const controller = new AbortController();
      const asked = generateText({ ...ASK, model: model(), abortSignal: controller.signal });
      const request = await matrix.upstream.received(1);
      controller.abort();
      await expect(asked).rejects.toThrow();
      expect(await request.closed).toBe('aborted');
    });
  });
});

/** Chat completions know no seals, as a provider or for this client. */
function comesBack({ thinks }: Vercel, dialect: Upstream): boolean {
  return thinks && dialect !== 'openai-chat';
}
