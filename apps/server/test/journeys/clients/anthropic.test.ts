import Anthropic from '@anthropic-ai/sdk';
import { staysSilent } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import { testKeys } from '../../test-keys.ts';
import { CITY_SCHEMA, COUNTED, PIXEL, TEXT, TIME, useMatrix, WEATHER } from './client-matrix.ts';
import { dialects } from './played-provider.ts';

const ASK: Anthropic.MessageCreateParamsNonStreaming = {
  model: 'the-model',
  max_tokens: 4_000,
  system: 'Be brief.',
  messages: [{ role: 'user', content: 'Hello?' }],
};
const TOOLS: Anthropic.Tool[] = [
  { name: 'get_weather', description: 'Weather.', input_schema: { ...CITY_SCHEMA, required: ['city'] } },
  { name: 'get_time', input_schema: { type: 'object' } },
];
const SEAL = btoa('a seal of the maker, long enough');
const PDF = btoa('%PDF-1.4');

describe.each(dialects)("Anthropic's client, before a provider of %s", (dialect) => {
  const matrix = useMatrix(dialect);
  const client = (more: { apiKey?: string; maxRetries?: number } = {}) =>
    new Anthropic({ apiKey: testKeys.live, baseURL: matrix.url, maxRetries: 0, ...more });
  const ask = (body: Anthropic.MessageCreateParamsNonStreaming, isStream: boolean) =>
    isStream ? client().messages.stream(body).finalMessage() : client().messages.create(body);

  test('a message comes whole, with its usage', async () => {
    matrix.plays({ text: TEXT });
    const { data, request_id } = await client().messages.create(ASK).withResponse();
    expect(data).toMatchObject({
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: TEXT }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: COUNTED.input - COUNTED.cached,
        cache_read_input_tokens: COUNTED.cached,
        output_tokens: COUNTED.output,
      },
    });
    expect(request_id).toMatch(/^req_/);
    const { system, said, outputTokensMax } = matrix.sent(0);
    expect({ system, said, outputTokensMax }).toEqual({
      system: 'Be brief.',
      said: ['Hello?'],
      outputTokensMax: 4_000,
    });
  });

  test('a stream has its events in order, and the helper adds them up to the same message', async () => {
    matrix.playsWith({ text: TEXT, tool: [WEATHER, TIME] }, { pieceBytes: 7 });
    const body = { ...ASK, tools: TOOLS };
    const types: string[] = [];
    const texts: string[] = [];
    for await (const event of await client().messages.create({ ...body, stream: true })) {
      types.push(event.type);
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
        texts.push(event.delta.text);
    }
    expect(texts.join('')).toBe(TEXT);
    expect(texts.length).toBeGreaterThan(2);
    expect(types.filter((type) => type !== 'ping' && type !== 'content_block_delta')).toEqual([
      'message_start',
      ...Array.from({ length: 3 }, () => ['content_block_start', 'content_block_stop']).flat(),
      'message_delta',
      'message_stop',
    ]);
    const inputs: unknown[] = [];
    const stream = client().messages.stream(body);
    stream.on('contentBlock', (block) => block.type === 'tool_use' && inputs.push(block.input));
    const [streamed, whole] = [await stream.finalMessage(), await client().messages.create(body)];
    expect(inputs).toEqual([WEATHER.input, TIME.input]);
    const facts = ({ content, stop_reason }: Anthropic.Message) => ({
      stop_reason,
      content: content.map((block) => (block.type === 'tool_use' ? { ...block, id: '' } : block)),
    });
    expect(facts(streamed)).toEqual(facts(whole));
    expect(whole.stop_reason).toBe('tool_use');
    expect(streamed.usage.output_tokens).toBe(COUNTED.output);
  });

  test.each([false, true])(
    'a tool loop, of two calls at once and their results (stream: %s)',
    async (isStream) => {
      matrix.plays({ text: 'Let me see.', tool: [WEATHER, TIME] });
      const body = { ...ASK, tools: TOOLS, tool_choice: { type: 'any' as const } };
      const first = await ask(body, isStream);
      const results = first.content.flatMap((block) =>
        block.type === 'tool_use'
          ? [
              {
                type: 'tool_result' as const,
                tool_use_id: block.id,
                content: block.name === 'get_time' ? '12:00' : [{ type: 'text' as const, text: 'rain' }],
              },
            ]
          : [],
      );
      matrix.plays({ text: 'Rain at noon.' });
      const messages: Anthropic.MessageParam[] = [
        ...ASK.messages,
        { role: 'assistant', content: first.content },
        { role: 'user', content: [...results, { type: 'text', text: 'Well?' }] },
      ];
      const second = await ask({ ...ASK, tools: TOOLS, messages }, isStream);
      expect(second.content).toMatchObject([{ type: 'text', text: 'Rain at noon.' }]);
      expect(matrix.sent(0).choice).toBe('required');
      const sent = matrix.sent(1);
      expect(sent.tools[0]).toEqual({ name: 'get_weather', description: 'Weather.', schema: CITY_SCHEMA });
      expect(sent.calls.map(({ name, input }) => ({ name, input }))).toEqual([
        { name: 'get_weather', input: WEATHER.input },
        { name: 'get_time', input: TIME.input },
      ]);
      expect(sent.results.map(({ text }) => text)).toEqual(['rain', '12:00']);
      expect(sent.answered).toEqual(['Let me see.']);
      expect(sent.said).toEqual(['Hello?', 'Well?']);
    },
  );

  test('the tool runner runs a loop by itself, in a thread with Anthropic and without one elsewhere', async () => {
    matrix.plays({ tool: WEATHER }, { text: 'Rain.' });
    const given: unknown[] = [];
    const message = await client().beta.messages.toolRunner({
      ...ASK,
      tools: [
        {
          name: 'get_weather',
          description: 'Weather.',
          input_schema: { type: 'object', properties: {} },
          parse: (input: unknown) => input,
          run: (input: unknown) => {
            given.push(input);
            return 'rain';
          },
        },
      ],
    });
    expect(message.content).toMatchObject([{ type: 'text', text: 'Rain.' }]);
    expect(given).toEqual([WEATHER.input]);
    expect(matrix.sent(1).results.map(({ text }) => text)).toEqual(['rain']);
    const threads = matrix.upstream.requests.map(({ json }) => json?.thread);
    expect(threads).toEqual(
      dialect === 'anthropic-messages'
        ? [{ type: 'create' }, { type: 'continue', previous_message_id: 'msg_fake' }]
        : [undefined, undefined],
    );
  });

  test.each([false, true])('thoughts come back sealed as they were (stream: %s)', async (isStream) => {
    matrix.plays({ thought: 'Two and two.', signature: SEAL, text: 'Four.', tool: WEATHER });
    const body = { ...ASK, tools: TOOLS, thinking: { type: 'enabled' as const, budget_tokens: 2_000 } };
    const first = await ask(body, isStream);
    const thoughts = first.content.flatMap((block) => (block.type === 'thinking' ? block.thinking : []));
    expect(thoughts.join('')).toBe('Two and two.');
    const call = first.content.find((block) => block.type === 'tool_use');
    matrix.plays({ text: 'Yes.' });
    const result = { type: 'tool_result' as const, tool_use_id: call?.id ?? '', content: 'rain' };
    await ask(
      {
        ...body,
        messages: [
          ...ASK.messages,
          { role: 'assistant', content: first.content },
          { role: 'user', content: [result] },
        ],
      },
      isStream,
    );
    const sent = matrix.sent(1);
    expect(sent.seals).toEqual(dialect === 'openai-chat' ? [] : [SEAL]);
    expect(sent.answered).toEqual(['Four.']);
    expect(sent.results.map(({ text }) => text)).toEqual(['rain']);
  });

  test('images, documents and a schema arrive, and the reply fits it', async () => {
    matrix.plays({ text: '{"city":"Zürich"}' });
    const reply = await client().messages.parse({
      ...ASK,
      output_config: { format: { type: 'json_schema', schema: CITY_SCHEMA } },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
            { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: PDF } },
            { type: 'text', text: 'Where is this?' },
          ],
        },
      ],
    });
    expect(reply.parsed_output).toEqual({ city: 'Zürich' });
    const { media, schema, said } = matrix.sent(0);
    expect(media).toEqual([PIXEL, PDF]);
    expect(schema).toEqual(CITY_SCHEMA);
    expect(said).toEqual(['Where is this?']);
  });

  test('models are listed', async () => {
    const names: string[] = [];
    for await (const { id } of client().models.list({ limit: 2 })) names.push(id);
    expect(names).toEqual(expect.arrayContaining(['the-model', 'claude-sonnet-4-5']));
  });

  test('errors have the class of their status', async () => {
    const ours = [
      await failureOf(client({ apiKey: 'tr_live_nobody' }).messages.create(ASK)),
      await failureOf(client({ apiKey: testKeys.noPermission }).messages.create(ASK)),
      await failureOf(client().messages.create({ ...ASK, model: 'no-such-model' })),
    ];
    expect(ours[0]).toBeInstanceOf(Anthropic.AuthenticationError);
    expect(ours[1]).toBeInstanceOf(Anthropic.PermissionDeniedError);
    expect(ours[2]).toBeInstanceOf(Anthropic.NotFoundError);
    for (const error of ours) expect(error).toMatchObject({ requestID: expect.stringMatching(/^req_/) });
    expect(matrix.upstream.requests).toEqual([]);
    for (const isStream of [false, true]) {
      matrix.upstream.play(matrix.refusal(400, 'No such thing.'));
      const bad = await failureOf(ask(ASK, isStream));
      expect(bad).toBeInstanceOf(Anthropic.BadRequestError);
      expect(String(bad)).toContain('No such thing.');
      matrix.upstream.play(matrix.refusal(429, 'Slow down.'));
      expect(await failureOf(ask(ASK, isStream))).toBeInstanceOf(Anthropic.RateLimitError);
      matrix.upstream.play(matrix.refusal(500, 'inner workings'));
      expect(await failureOf(ask(ASK, isStream))).toBeInstanceOf(Anthropic.InternalServerError);
    }
  });

  test('a stream that breaks off is an error, and one that is left takes the provider with it', async () => {
    matrix.playsWith({ text: TEXT }, { ending: 'cut' });
    expect(await failureOf(client().messages.stream(ASK).finalMessage())).toBeInstanceOf(Anthropic.APIError);
    matrix.upstream.play(staysSilent);
    const controller = new AbortController();
    const asked = client().messages.create(ASK, { signal: controller.signal });
    const request = await matrix.upstream.received(1);
    controller.abort();
    await expect(asked).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
    expect(await request.closed).toBe('aborted');
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
