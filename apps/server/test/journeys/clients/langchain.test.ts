import { type AIMessageChunk, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { testKeys } from '../../test-keys.ts';
import { COUNTED, PIXEL, TEXT, TIME, useMatrix, WEATHER } from './client-matrix.ts';
import { dialects } from './played-provider.ts';

const ASK = [new SystemMessage('Be brief.'), new HumanMessage('Hello?')];
const USAGE = { input_tokens: COUNTED.input, output_tokens: COUNTED.output };

describe.each([false, true])("LangChain's ChatOpenAI (by responses: %s)", (useResponsesApi) => {
  describe.each(dialects)('before a provider of %s', (dialect) => {
    const matrix = useMatrix(dialect);
    const chat = (apiKey: string = testKeys.live) =>
      new ChatOpenAI({
        model: 'the-model',
        apiKey,
        maxRetries: 0,
        maxTokens: 300,
        useResponsesApi,
        configuration: { baseURL: `${matrix.url}/v1` },
      });

    test('invoke gives a message, and stream the same in chunks', async () => {
      matrix.plays({ text: TEXT });
      const whole = await chat().invoke(ASK);
      expect(whole.text).toBe(TEXT);
      expect(whole.usage_metadata).toMatchObject(USAGE);
      const chunks: AIMessageChunk[] = [];
      for await (const chunk of await chat().stream(ASK)) chunks.push(chunk);
      expect(chunks.map(({ text }) => text).join('')).toBe(TEXT);
      expect(chunks.length).toBeGreaterThan(3);
      expect(chunks.reduce((sum, chunk) => sum.concat(chunk)).usage_metadata).toMatchObject(USAGE);
      for (const number of [0, 1]) {
        const { system, said, outputTokensMax } = matrix.sent(number);
        expect({ system, said, outputTokensMax }).toEqual({
          system: 'Be brief.',
          said: ['Hello?'],
          outputTokensMax: 300,
        });
      }
    });

    test.each([false, true])(
      'bound tools are called, and their results go back (stream: %s)',
      async (isStream) => {
        matrix.plays({ text: 'Let me see.', tool: [WEATHER, TIME] });
        const described = (name: string) => ({ name, description: `${name}!`, schema: z.looseObject({}) });
        const tools = [
          tool(() => 'rain', described('get_weather')),
          tool(() => '12:00', described('get_time')),
        ];
        const bound = chat().bindTools(tools, { tool_choice: 'get_weather' });
        const first = isStream ? await gathered(await bound.stream(ASK)) : await bound.invoke(ASK);
        expect(first.tool_calls?.map(({ name, args }) => ({ name, args }))).toEqual([
          { name: 'get_weather', args: WEATHER.input },
          { name: 'get_time', args: TIME.input },
        ]);
        const results = (first.tool_calls ?? []).map(
          ({ id = '', name }) =>
            new ToolMessage({ tool_call_id: id, content: name === 'get_time' ? '12:00' : 'rain' }),
        );
        matrix.plays({ text: 'Rain at noon.' });
        const second = await chat()
          .bindTools(tools)
          .invoke([...ASK, first, ...results]);
        expect(second.text).toBe('Rain at noon.');
        expect(matrix.sent(0).choice).toBe('get_weather');
        const sent = matrix.sent(1);
        expect(sent.tools.map(({ description }) => description)).toEqual(['get_weather!', 'get_time!']);
        expect(sent.answered).toEqual(['Let me see.']);
        expect(sent.calls.map(({ input }) => input)).toEqual([WEATHER.input, TIME.input]);
        expect(sent.results.map(({ text }) => text)).toEqual(['rain', '12:00']);
      },
    );

    test.each(['jsonSchema', 'functionCalling'] as const)(
      'an object fits its schema (by %s)',
      async (method) => {
        const input = { city: 'Zürich', days: 3 };
        matrix.plays(
          method === 'jsonSchema' ? { text: JSON.stringify(input) } : { tool: { ...WEATHER, name: 'plan' } },
        );
        const schema = z.object({ city: z.string(), days: z.number() });
        const structured = chat().withStructuredOutput(schema, { name: 'plan', method });
        expect(await structured.invoke(ASK)).toEqual(input);
        const sent = matrix.sent(0);
        expect(method === 'jsonSchema' ? sent.schema : sent.tools[0]?.schema).toMatchObject({
          properties: { city: { type: 'string' }, days: { type: 'number' } },
          required: ['city', 'days'],
        });
        if (method === 'functionCalling') expect(sent.choice).toBe('plan');
      },
    );

    test('an image arrives, and errors have their status', async () => {
      matrix.plays({ text: TEXT });
      const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } };
      await chat().invoke([new HumanMessage({ content: [{ type: 'text', text: 'What?' }, image] })]);
      expect(matrix.sent(0).media).toEqual([PIXEL]);
      await expect(chat('tr_live_nobody').invoke(ASK)).rejects.toMatchObject({ status: 401 });
      matrix.upstream.play(matrix.refusal(429, 'Slow down.'));
      await expect(chat().invoke(ASK)).rejects.toMatchObject({ status: 429 });
      matrix.upstream.play(matrix.refusal(400, 'No such thing.'));
      await expect(chat().invoke(ASK)).rejects.toMatchObject({ status: 400 });
    });
  });
});

async function gathered(stream: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk> {
  const chunks: AIMessageChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks.reduce((sum, chunk) => sum.concat(chunk));
}
