import { staysSilent } from '@app/testkit';
import { ApiError, type Content, FunctionCallingConfigMode, GoogleGenAI } from '@google/genai';
import { describe, expect, test } from 'vitest';
import { testKeys } from '../../test-keys.ts';
import { CITY_SCHEMA, COUNTED, PIXEL, TEXT, TIME, useMatrix, WEATHER } from './client-matrix.ts';

const SEAL = btoa('a seal of the maker, long enough');
const USAGE = { promptTokenCount: COUNTED.input, candidatesTokenCount: COUNTED.output };

// The dialects that the journeys of Google's own addresses do not have.
describe.each(['openai-responses', 'bedrock-converse'] as const)(
  "Google's client, before a provider of %s",
  (dialect) => {
    const matrix = useMatrix(dialect);
    const client = (apiKey: string = testKeys.live) =>
      new GoogleGenAI({ apiKey, httpOptions: { baseUrl: matrix.url } });

    test('a reply comes whole and in a stream, with its usage', async () => {
      matrix.plays({ text: TEXT });
      const config = { systemInstruction: 'Be brief.', maxOutputTokens: 300 };
      const whole = await client().models.generateContent({ model: 'the-model', contents: 'Hello?', config });
      expect(whole.text).toBe(TEXT);
      expect(whole.candidates?.[0]?.finishReason).toBe('STOP');
      expect(whole.usageMetadata).toMatchObject({ ...USAGE, cachedContentTokenCount: COUNTED.cached });
      const texts: string[] = [];
      let usage: unknown;
      for await (const chunk of await client().models.generateContentStream({
        model: 'the-model',
        contents: 'Hello?',
      })) {
        texts.push(chunk.text ?? '');
        usage = chunk.usageMetadata ?? usage;
      }
      expect(texts.join('')).toBe(TEXT);
      expect(texts.length).toBeGreaterThan(3);
      expect(usage).toMatchObject(USAGE);
      const { system, said, outputTokensMax } = matrix.sent(0);
      expect({ system, said, outputTokensMax }).toEqual({
        system: 'Be brief.',
        said: ['Hello?'],
        outputTokensMax: 300,
      });
    });

    test.each([false, true])(
      'functions are called at once, and what was thought comes back sealed (stream: %s)',
      async (isStream) => {
        matrix.plays({ thought: 'Hm.', signature: SEAL, text: 'Let me see.', tool: [WEATHER, TIME] });
        const ask = {
          model: 'the-model',
          contents: [{ role: 'user', parts: [{ text: 'Weather?' }] }] as Content[],
          config: {
            thinkingConfig: { includeThoughts: true, thinkingBudget: 2_000 },
            maxOutputTokens: 4_000,
            tools: [
              {
                functionDeclarations: [
                  { name: 'get_weather', description: 'Weather.', parametersJsonSchema: CITY_SCHEMA },
                  { name: 'get_time', description: 'Time.' },
                ],
              },
            ],
            toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.AUTO } },
          },
        };
        const said: Content[] = [];
        const replies = isStream
          ? await client().models.generateContentStream(ask)
          : [await client().models.generateContent(ask)];
        for await (const { candidates } of replies)
          if (candidates?.[0]?.content) said.push(candidates[0].content);
        const parts = said.flatMap((content) => content.parts ?? []);
        const thoughts = parts.flatMap(({ thought, text = '' }) => (thought ? text : []));
        expect(thoughts.join('')).toBe('Hm.');
        const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
        expect(calls).toMatchObject([
          { name: 'get_weather', args: WEATHER.input },
          { name: 'get_time', args: TIME.input },
        ]);
        const answers = calls.map(({ id, name = '' }) => ({
          functionResponse: {
            name,
            ...(id === undefined ? {} : { id }),
            response: { output: name === 'get_time' ? '12:00' : 'rain' },
          },
        }));
        matrix.plays({ text: 'Rain at noon.' });
        const contents = [...ask.contents, ...said, { role: 'user', parts: answers }];
        expect((await client().models.generateContent({ ...ask, contents })).text).toBe('Rain at noon.');
        const sent = matrix.sent(1);
        expect(sent.calls.map(({ input }) => input)).toEqual([WEATHER.input, TIME.input]);
        expect(sent.results.map(({ text }) => text)).toEqual(['rain', '12:00']);
        expect(sent.answered.join('')).toBe('Let me see.');
        expect(sent.seals).toEqual([SEAL]);
        expect(sent.tools[0]).toEqual({ name: 'get_weather', description: 'Weather.', schema: CITY_SCHEMA });
      },
    );

    test('an image and a schema arrive', async () => {
      matrix.plays({ text: '{"city":"Zürich"}' });
      const reply = await client().models.generateContent({
        model: 'the-model',
        contents: [{ inlineData: { mimeType: 'image/png', data: PIXEL } }, 'Where is this?'],
        config: { responseMimeType: 'application/json', responseJsonSchema: CITY_SCHEMA },
      });
      expect(JSON.parse(reply.text ?? '')).toEqual({ city: 'Zürich' });
      expect(matrix.sent(0)).toMatchObject({ schema: CITY_SCHEMA, media: [PIXEL], said: ['Where is this?'] });
    });

    test('errors have their status, and a caller that leaves takes the provider with it', async () => {
      const ask = { model: 'the-model', contents: 'Hello?' };
      const failing = async (apiKey?: string) => {
        const error = await client(apiKey)
          .models.generateContent(ask)
          .catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(ApiError);
        return error instanceof ApiError ? error.status : undefined;
      };
      expect(await failing('tr_live_nobody')).toBe(401);
      matrix.upstream.play(matrix.refusal(429, 'Slow down.'));
      expect(await failing()).toBe(429);
      matrix.upstream.play(matrix.refusal(400, 'No such thing.'));
      expect(await failing()).toBe(400);
      matrix.playsWith({ text: TEXT }, { ending: 'cut' });
      const cut = async () => {
        for await (const chunk of await client().models.generateContentStream(ask)) void chunk;
      };
      await expect(cut()).rejects.toThrow();
      matrix.upstream.requests.length = 0;
      matrix.upstream.play(staysSilent);
      const controller = new AbortController();
      const asked = client().models.generateContent({ ...ask, config: { abortSignal: controller.signal } });
      const request = await matrix.upstream.received(0);
      controller.abort();
      await expect(asked).rejects.toThrow();
      expect(await request.closed).toBe('aborted');
    });
  },
);
