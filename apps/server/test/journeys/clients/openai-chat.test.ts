import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { testKeys } from '../../test-keys.ts';
import { CITY_SCHEMA, COUNTED, PIXEL, TEXT, TIME, useMatrix, WEATHER } from './client-matrix.ts';
import { dialects } from './played-provider.ts';

const TOOLS: OpenAI.ChatCompletionFunctionTool[] = [
  {
    type: 'function',
    function: { name: 'get_weather', description: 'Weather.', parameters: { ...CITY_SCHEMA } },
  },
  { type: 'function', function: { name: 'get_time', parameters: { type: 'object', properties: {} } } },
];
const ASK: OpenAI.ChatCompletionCreateParamsNonStreaming = {
  model: 'the-model',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello?' },
  ],
};

describe.each(dialects)('openai for chats, before a provider of %s', (dialect) => {
  const matrix = useMatrix(dialect);
  const client = () => new OpenAI({ apiKey: testKeys.live, baseURL: `${matrix.url}/v1`, maxRetries: 0 });

  test('a reply comes whole, with its usage, and the headers tell where it came from', async () => {
    matrix.plays({ text: TEXT });
    const { data, response, request_id } = await client()
      .chat.completions.create({ ...ASK, max_completion_tokens: 300, temperature: 0.5, stop: ['END'] })
      .withResponse();
    expect(data).toMatchObject({
      object: 'chat.completion',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: TEXT } }],
      usage: {
        prompt_tokens: COUNTED.input,
        completion_tokens: COUNTED.output,
        total_tokens: COUNTED.input + COUNTED.output,
        prompt_tokens_details: { cached_tokens: COUNTED.cached },
      },
    });
    expect(request_id).toMatch(/^req_/);
    expect(response.headers.get('x-tokenrouter-provider')).toBe('acme');
    const { system, said, outputTokensMax } = matrix.sent(0);
    expect({ system, said, outputTokensMax }).toEqual({
      system: 'Be brief.',
      said: ['Hello?'],
      outputTokensMax: 300,
    });
  });

  test('a stream adds up to the same, and tells its usage once, at its end', async () => {
    matrix.playsWith({ text: TEXT }, { pieceBytes: 7 });
    const stream = await client().chat.completions.create({
      ...ASK,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(TEXT);
    expect(chunks.length).toBeGreaterThan(4);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    const usages = chunks.flatMap(({ usage }) => usage ?? []);
    expect(usages).toMatchObject([{ prompt_tokens: COUNTED.input, completion_tokens: COUNTED.output }]);
    expect(chunks.at(-1)?.choices).toEqual([]);
    const reasons = chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? []);
    expect(reasons).toEqual(['stop']);
  });

  test('the stream helper gives the same completion as the whole reply', async () => {
    matrix.plays({ text: TEXT, tool: WEATHER });
    const body = { model: 'the-model', messages: ASK.messages, tools: TOOLS };
    const whole = await client().chat.completions.create(body);
    const stream = client().chat.completions.stream(body);
    const texts: string[] = [];
    const inputs: unknown[] = [];
    stream.on('content.done', ({ content }) => texts.push(content));
    stream.on('tool_calls.function.arguments.done', ({ arguments: input }) => inputs.push(JSON.parse(input)));
    const streamed = await stream.finalChatCompletion();
    expect({ texts, inputs }).toEqual({ texts: [TEXT], inputs: [WEATHER.input] });
    const facts = ({ choices }: OpenAI.ChatCompletion) =>
      choices.map(({ finish_reason, message: { content, tool_calls } }) => ({
        finish_reason,
        content,
        calls: tool_calls?.map((call) => (call.type === 'function' ? call.function : call)).map(parsedInput),
      }));
    expect(facts(streamed)).toEqual(facts(whole));
    expect(facts(whole)).toMatchObject([{ finish_reason: 'tool_calls', content: TEXT }]);
  });

  test.each([false, true])(
    'runTools calls two tools at once and answers with both results (stream: %s)',
    async (isStream) => {
      matrix.plays({ text: 'Let me see.', tool: [WEATHER, TIME] }, { text: 'Rain at noon.' });
      const asked: object[] = [];
      const tool = (name: string, result: string) => ({
        type: 'function' as const,
        function: {
          name,
          description: `Tells: ${result}.`,
          parameters: { type: 'object', properties: {} },
          parse: JSON.parse,
          function: (input: object) => {
            asked.push({ name, input });
            return result;
          },
        },
      });
      const body = { ...ASK, tools: [tool('get_weather', 'rain'), tool('get_time', '12:00')] };
      const runner = isStream
        ? client().chat.completions.runTools({ ...body, stream: true })
        : client().chat.completions.runTools({ ...body, stream: false });
      expect(await runner.finalContent()).toBe('Rain at noon.');
      expect(asked).toEqual([
        { name: 'get_weather', input: WEATHER.input },
        { name: 'get_time', input: TIME.input },
      ]);
      const { tools, calls, results, answered } = matrix.sent(1);
      expect(tools.map(({ name, description }) => ({ name, description }))).toEqual([
        { name: 'get_weather', description: 'Tells: rain.' },
        { name: 'get_time', description: 'Tells: 12:00.' },
      ]);
      expect(calls.map(({ name, input }) => ({ name, input }))).toEqual([
        { name: 'get_weather', input: WEATHER.input },
        { name: 'get_time', input: TIME.input },
      ]);
      expect(results.map(({ text }) => text)).toEqual(['rain', '12:00']);
      expect(answered).toEqual(['Let me see.']);
    },
  );

  test('parse gives what a zod schema describes, and the provider is held to it', async () => {
    matrix.plays({ text: '{"city":"Zürich","days":[1,2]}' });
    const Plan = z.object({ city: z.string(), days: z.array(z.number()) });
    const response_format = zodResponseFormat(Plan, 'plan');
    const body = { model: 'the-model', messages: ASK.messages, response_format };
    const reply = await client().chat.completions.parse(body);
    expect(reply.choices[0]?.message.parsed).toEqual({ city: 'Zürich', days: [1, 2] });
    const streamed = await client().chat.completions.stream(body).finalChatCompletion();
    expect(streamed.choices[0]?.message.parsed).toEqual({ city: 'Zürich', days: [1, 2] });
    for (const number of [0, 1]) {
      expect(matrix.sent(number).schema).toMatchObject({
        type: 'object',
        properties: { city: { type: 'string' }, days: { type: 'array', items: { type: 'number' } } },
        required: ['city', 'days'],
        additionalProperties: false,
      });
    }
  });

  test('a named tool is forced, an image and a document arrive', async () => {
    matrix.plays({ tool: WEATHER });
    await client().chat.completions.create({
      ...ASK,
      tools: TOOLS,
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
            {
              type: 'file',
              file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${btoa('%PDF-1.4')}` },
            },
          ],
        },
      ],
    });
    const { choice, media, tools } = matrix.sent(0);
    expect(choice).toBe('get_weather');
    expect(media).toEqual([PIXEL, btoa('%PDF-1.4')]);
    expect(tools[0]).toEqual({ name: 'get_weather', description: 'Weather.', schema: CITY_SCHEMA });
  });

  test.each([false, true])(
    'thoughts are shown, and come back sealed as they were (stream: %s)',
    async (isStream) => {
      const signature = btoa('a seal of the maker, long enough');
      matrix.plays({ thought: 'Two and two.', signature, text: 'Four.', tool: WEATHER });
      const { message, thought } = await think(isStream);
      expect(message.content).toBe('Four.');
      expect(thought).toBe('Two and two.');
      matrix.plays({ text: 'Yes.' });
      const id = message.tool_calls?.[0]?.id ?? '';
      await client().chat.completions.create({
        ...ASK,
        tools: TOOLS,
        messages: [...ASK.messages, message, { role: 'tool', tool_call_id: id, content: 'rain' }],
      });
      const { seals, thoughts, results } = matrix.sent(1);
      expect(results.map(({ text }) => text)).toEqual(['rain']);
      // Chat completions have no seals of their own.
      const isSealed = dialect !== 'openai-chat';
      expect(seals).toEqual(isSealed ? [signature] : []);
      if (isSealed && dialect !== 'gemini') expect(thoughts).toEqual(['Two and two.']);
    },
  );

  /** The helper for streams keeps the last piece alone of a field that it does not know, so the pieces are joined here. */
  async function think(isStream: boolean) {
    const body = {
      model: 'the-model',
      messages: ASK.messages,
      reasoning_effort: 'low' as const,
      tools: TOOLS,
    };
    let thought = '';
    if (!isStream) {
      const message = messageOf(await client().chat.completions.create(body));
      return { message, thought: String(Reflect.get(message, 'reasoning_content')) };
    }
    const stream = client().chat.completions.stream(body);
    stream.on('chunk', ({ choices }) => {
      thought += Reflect.get(choices[0]?.delta ?? {}, 'reasoning_content') ?? '';
    });
    return { message: messageOf(await stream.finalChatCompletion()), thought };
  }

  test('text completions and the list of models', async () => {
    matrix.plays({ text: TEXT });
    const reply = await client().completions.create({ model: 'the-model', prompt: 'Once', max_tokens: 50 });
    expect(reply).toMatchObject({
      object: 'text_completion',
      choices: [{ text: TEXT, finish_reason: 'stop' }],
    });
    expect(matrix.sent(0).said).toEqual(['Once']);
    const stream = await client().completions.create({ model: 'the-model', prompt: 'Once', stream: true });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.text ?? '';
    expect(text).toBe(TEXT);
    const names: string[] = [];
    for await (const model of client().models.list()) names.push(model.id);
    expect(names).toEqual(expect.arrayContaining(['the-model', 'gpt-5']));
    expect(await client().models.retrieve('gpt-5')).toMatchObject({ id: 'gpt-5', object: 'model' });
  });
});

function messageOf({ choices }: OpenAI.ChatCompletion): OpenAI.ChatCompletionMessage {
  const message = choices[0]?.message;
  if (message === undefined) throw new Error('the completion has no message');
  return message;
}

function parsedInput<T>(call: T): T {
  const input = Reflect.get(Object(call), 'arguments');
  return typeof input === 'string' ? { ...call, arguments: JSON.parse(input) } : call;
}
