import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { testKeys } from '../../test-keys.ts';
import { CITY_SCHEMA, COUNTED, PIXEL, TEXT, TIME, useMatrix, WEATHER } from './client-matrix.ts';
import { dialects } from './played-provider.ts';

const TOOLS: OpenAI.Responses.FunctionTool[] = [
  {
    type: 'function',
    name: 'get_weather',
    description: 'Weather.',
    parameters: { ...CITY_SCHEMA },
    strict: true,
  },
  { type: 'function', name: 'get_time', parameters: { type: 'object', properties: {} }, strict: false },
];
const SEAL = btoa('a seal of the maker, long enough');

describe.each(dialects)('openai for responses, before a provider of %s', (dialect) => {
  const matrix = useMatrix(dialect);
  const client = () => new OpenAI({ apiKey: testKeys.live, baseURL: `${matrix.url}/v1`, maxRetries: 0 });

  test('a response comes whole, with its usage, and says back how it was asked', async () => {
    matrix.plays({ text: TEXT });
    const { data, request_id } = await client()
      .responses.create({
        model: 'the-model',
        instructions: 'Be brief.',
        input: 'Hello?',
        max_output_tokens: 300,
        metadata: { task: 'greet' },
      })
      .withResponse();
    expect(data).toMatchObject({
      object: 'response',
      status: 'completed',
      output_text: TEXT,
      instructions: 'Be brief.',
      error: null,
      output: [{ type: 'message', role: 'assistant', status: 'completed' }],
      usage: {
        input_tokens: COUNTED.input,
        input_tokens_details: { cached_tokens: COUNTED.cached },
        output_tokens: COUNTED.output,
        total_tokens: COUNTED.input + COUNTED.output,
      },
      metadata: { task: 'greet', provider: 'acme' },
    });
    expect(data.id).toMatch(/^resp_/);
    expect(request_id).toMatch(/^req_/);
    const { system, said, outputTokensMax } = matrix.sent(0);
    expect({ system, said, outputTokensMax }).toEqual({
      system: 'Be brief.',
      said: ['Hello?'],
      outputTokensMax: 300,
    });
  });

  test('a stream is numbered without a gap, and adds up to the response that ends it', async () => {
    matrix.playsWith({ text: TEXT }, { pieceBytes: 7 });
    const stream = await client().responses.create({ model: 'the-model', input: 'Hello?', stream: true });
    const events: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of stream) events.push(event);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, place) => place));
    const texts = events.flatMap((event) => (event.type === 'response.output_text.delta' ? event.delta : []));
    expect(texts.join('')).toBe(TEXT);
    expect(texts.length).toBeGreaterThan(2);
    expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['response.created', 'response.in_progress']);
    const last = events.at(-1);
    expect(last).toMatchObject({
      type: 'response.completed',
      response: { status: 'completed', usage: { output_tokens: COUNTED.output } },
    });
  });

  test('the stream helper gives the same response as the whole one', async () => {
    matrix.plays({ text: TEXT, tool: [WEATHER, TIME] });
    const body = { model: 'the-model', input: 'Weather?', tools: TOOLS };
    const whole = await client().responses.create(body);
    const streamed = await client().responses.stream(body).finalResponse();
    const facts = ({
      output,
      output_text,
      status,
    }: Pick<OpenAI.Responses.Response, 'output' | 'output_text' | 'status'>) => ({
      status,
      output_text,
      calls: output.flatMap((item) =>
        item.type === 'function_call' ? { name: item.name, input: JSON.parse(item.arguments) } : [],
      ),
    });
    expect(facts(streamed)).toEqual(facts(whole));
    expect(facts(whole)).toEqual({
      status: 'completed',
      output_text: TEXT,
      calls: [
        { name: 'get_weather', input: WEATHER.input },
        { name: 'get_time', input: TIME.input },
      ],
    });
  });

  test.each([false, true])('parse gives what a zod schema describes (stream: %s)', async (isStream) => {
    matrix.plays({ text: '{"city":"Zürich","days":[1,2]}' });
    const format = zodTextFormat(z.object({ city: z.string(), days: z.array(z.number()) }), 'plan');
    const body = { model: 'the-model', input: 'Plan.', text: { format } };
    const reply = isStream
      ? await client().responses.stream(body).finalResponse()
      : await client().responses.parse(body);
    expect(reply.output_parsed).toEqual({ city: 'Zürich', days: [1, 2] });
    expect(matrix.sent(0).schema).toMatchObject({
      properties: { city: { type: 'string' }, days: { type: 'array', items: { type: 'number' } } },
      required: ['city', 'days'],
    });
  });

  test.each([false, true])(
    'a tool loop that sends its items back, with its sealed thoughts (stream: %s)',
    async (isStream) => {
      matrix.plays({ thought: 'Two and two.', signature: SEAL, tool: [WEATHER, TIME] });
      const input: OpenAI.Responses.ResponseInput = [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'Weather?' },
            { type: 'input_image', image_url: `data:image/png;base64,${PIXEL}`, detail: 'auto' },
          ],
        },
      ];
      const body = {
        model: 'the-model',
        tools: TOOLS,
        store: false,
        reasoning: { effort: 'low' as const, summary: 'auto' as const },
        include: ['reasoning.encrypted_content' as const],
        input,
      };
      const first = isStream
        ? await client().responses.stream(body).finalResponse()
        : await client().responses.create(body);
      const { output }: { output: OpenAI.Responses.ResponseOutputItem[] } = first;
      const thought = output.find((item) => item.type === 'reasoning');
      const shown = [...(thought?.summary ?? []), ...(thought?.content ?? [])].map(({ text }) => text);
      expect(shown.join('')).toBe('Two and two.');
      const results = { get_weather: 'rain', get_time: '12:00' };
      const answers: OpenAI.Responses.ResponseInput = [];
      for (const item of output) {
        if (item.type === 'reasoning' || item.type === 'function_call') input.push(item);
        if (item.type !== 'function_call') continue;
        const text = results[item.name as keyof typeof results];
        answers.push({ type: 'function_call_output', call_id: item.call_id, output: text });
        // Some give each answer at once, others all in the end.
        if (isStream) input.push(...answers.splice(0));
      }
      input.push(...answers);
      matrix.plays({ text: 'Rain at noon.' });
      expect((await client().responses.create(body)).output_text).toBe('Rain at noon.');
      const sent = matrix.sent(1);
      expect(sent.calls.map(({ name, input: given }) => ({ name, given }))).toEqual([
        { name: 'get_weather', given: WEATHER.input },
        { name: 'get_time', given: TIME.input },
      ]);
      expect(sent.results.map(({ text }) => text)).toEqual(['rain', '12:00']);
      expect(sent.media).toEqual([PIXEL]);
      expect(sent.seals).toEqual(dialect === 'openai-chat' ? [] : [SEAL]);
      expect(sent.tools[0]).toEqual({ name: 'get_weather', description: 'Weather.', schema: CITY_SCHEMA });
    },
  );

  test('a tool loop that names the response before, of which the provider hears everything', async () => {
    matrix.plays({ thought: 'Two and two.', signature: SEAL, tool: WEATHER });
    const ask = { model: 'the-model', tools: TOOLS, reasoning: { effort: 'low' as const } };
    const first = await client().responses.create({ ...ask, input: 'Weather?', instructions: 'Be brief.' });
    const call = first.output.find((item) => item.type === 'function_call');
    matrix.plays({ text: 'Rain.' });
    const second = await client().responses.create({
      ...ask,
      previous_response_id: first.id,
      input: [{ type: 'function_call_output', call_id: call?.call_id ?? '', output: 'rain' }],
    });
    expect(second).toMatchObject({ output_text: 'Rain.', previous_response_id: first.id });
    const third = client().responses.stream({
      ...ask,
      previous_response_id: second.id,
      tool_choice: { type: 'function', name: 'get_time' },
      input: 'And then?',
    });
    expect((await third.finalResponse()).output_text).toBe('Rain.');
    const sent = matrix.sent(2);
    expect(sent.said).toEqual(['Weather?', 'And then?']);
    expect(sent.answered).toEqual(['Rain.']);
    expect(sent.calls).toMatchObject([{ name: 'get_weather', input: WEATHER.input }]);
    expect(sent.results.map(({ text }) => text)).toEqual(['rain']);
    expect(sent.choice).toBe('get_time');
    // Instructions are of one response alone.
    expect(sent.system).toBe('');
    expect(sent.seals).toEqual(dialect === 'openai-chat' ? [] : [SEAL]);
  });
});
