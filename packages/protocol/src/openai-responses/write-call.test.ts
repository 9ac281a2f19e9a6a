import { expect, test } from 'vitest';
import { type Call, dialects, type Json, type JsonObject } from '../index.ts';

const { outbound, inbound } = dialects['openai-responses'];

const foreign = (changes: Partial<Call> = {}): Call => ({
  model: 'any',
  system: [],
  messages: [{ role: 'user', parts: [{ kind: 'text', text: 'Hello' }] }],
  tools: [],
  sampling: {},
  stop: [],
  stream: false,
  streamUsage: false,
  extra: { dialect: 'openai-chat', fields: {} },
  ...changes,
});
const write = (call: Call): ReturnType<typeof outbound.writeCall> => outbound.writeCall(call, 'own-name');
const overWire = (value: Json): Json => JSON.parse(JSON.stringify(value));

/** The call as a step leaves it that changed something: without the body as it came. */
function rewritten(body: JsonObject): Call {
  const { wire: _, ...call } = inbound.readCall(body);
  return call;
}

test('a call of this dialect goes on as it came, but for the model', () => {
  const body = {
    model: 'alias',
    input: [{ role: 'user', content: 'x' }],
    tomorrow: { deep: [1] },
    stream: true,
  };
  expect(write(inbound.readCall(body))).toEqual({ body: { ...body, model: 'own-name' }, losses: [] });
});

test('what another maker sealed, and what we named ourselves, does not reach a provider of this dialect', () => {
  const own = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' };
  const stored = { type: 'reasoning', id: 'rs_2', summary: [] };
  const body = {
    input: [
      { role: 'user', content: 'x' },
      own,
      stored,
      { type: 'reasoning', id: 'rs_tr_a_0', summary: [], encrypted_content: 'tr1.anthropic...c2VhbA==' },
      { type: 'reasoning', id: 'rs_tr_a_1', summary: [], encrypted_content: 'trs1.tr1.google...c2VhbA==' },
      { type: 'reasoning', id: 'rs_tr_a_2', summary: [{ type: 'summary_text', text: 'Hm.' }] },
      { type: 'reasoning', id: 'rs_tr_a_3', summary: [], encrypted_content: 'tr1.openai..rs_9.gBBB' },
    ],
  };
  const { body: written, losses } = write(inbound.readCall(body));
  expect(written.input).toEqual([
    { role: 'user', content: 'x' },
    own,
    stored,
    { type: 'reasoning', id: 'rs_9', summary: [], encrypted_content: 'gBBB' },
  ]);
  expect(losses).toEqual([{ path: 'input[].reasoning', why: 'unsupported' }]);
});

test('a call of this dialect that was changed on its way says the same when it is written anew', () => {
  const body: JsonObject = {
    model: 'own-name',
    instructions: 'Be brief.',
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'a' },
          { type: 'input_image', file_id: 'file-1' },
        ],
      },
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'Hm.' }],
        encrypted_content: 'gAAA',
      },
      { type: 'reasoning', id: 'rs_2', summary: [{ type: 'summary_text', text: 'Stored.' }] },
      { type: 'web_search_call', id: 'ws_1', status: 'completed' },
      {
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'b' },
          { type: 'refusal', refusal: 'No.' },
        ],
      },
      { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '' },
      { type: 'function_call_output', call_id: 'call_1', output: 'Fog.' },
      { type: 'custom_tool_call_output', call_id: 'call_2', output: 'x' },
      { role: 'system', content: 'Briefer.' },
      { role: 'user', content: 'c' },
    ],
    tools: [{ type: 'function', name: 'look' }, { type: 'web_search_preview' }, { type: 'local_shell' }],
    tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'look' }] },
    reasoning: { effort: 'none', summary: 'auto' },
    text: { format: { type: 'json_object' }, verbosity: 'high' },
    top_logprobs: 2,
    include: ['web_search_call.results', 'message.output_text.logprobs'],
    stream_options: { include_obfuscation: false },
    seed: 7,
    stop: ['END'],
    store: true,
    background: false,
  };
  expect(write(rewritten(body))).toEqual({ body, losses: [] });
});

test('several instructions begin the conversation', () => {
  const call = foreign({
    system: [
      { kind: 'text', text: 'One.' },
      { kind: 'text', text: 'Two.' },
    ],
  });
  const { body } = write(call);
  expect(body.instructions).toBeUndefined();
  expect(body.input).toEqual([
    {
      role: 'system',
      content: [
        { type: 'input_text', text: 'One.' },
        { type: 'input_text', text: 'Two.' },
      ],
    },
    { role: 'user', content: 'Hello' },
  ]);
});

test('a provider is asked to store nothing of a call from another dialect', () => {
  expect(write(foreign()).body.store).toBe(false);
  expect('store' in write(rewritten({ input: 'x' })).body).toBe(false);
});

test('a tool of another dialect is not strict unless it says so, as this wire would make it', () => {
  const tools: Call['tools'] = [
    { kind: 'function', name: 'a', schema: { type: 'object' } },
    { kind: 'function', name: 'b', strict: true },
  ];
  expect(write(foreign({ tools })).body.tools).toEqual([
    { type: 'function', name: 'a', parameters: { type: 'object' }, strict: false },
    { type: 'function', name: 'b', parameters: { type: 'object', properties: {} }, strict: true },
  ]);
});

test('a search of the web keeps where it looks from, in the words of each dialect', () => {
  const place = { type: 'approximate', city: 'Oslo', country: 'NO' };
  const written = [
    { dialect: 'anthropic-messages', value: { type: 'web_search_20250305', user_location: place } },
    {
      dialect: 'openai-chat',
      value: { search_context_size: 'low', user_location: { type: 'approximate', approximate: place } },
    },
  ] as const;
  const bodies = written.map(
    (wire) =>
      write(foreign({ tools: [{ kind: 'web-search', wire: { ...wire, value: overWire(wire.value) } }] })).body
        .tools,
  );
  expect(bodies).toEqual([
    [{ type: 'web_search', user_location: place }],
    [{ type: 'web_search', user_location: place, search_context_size: 'low' }],
  ]);
});

test('what this wire cannot say is told in the words of the caller', () => {
  const { losses } = write(
    foreign({
      messages: [
        {
          role: 'user',
          parts: [
            { kind: 'audio', format: 'wav', data: 'UklG' },
            { kind: 'file', source: { kind: 'text', text: 'Fog.' } },
            { kind: 'tool-result', callId: 'a', parts: [], isError: true },
            { kind: 'opaque', dialect: 'anthropic-messages', value: { type: 'search_result' } },
          ],
        },
        {
          role: 'assistant',
          parts: [
            { kind: 'thinking', text: 'Hm.', signature: { maker: 'google', value: 's' } },
            { kind: 'media', mediaType: 'image/png', data: 'aGk=' },
          ],
        },
      ],
      sampling: { topK: 5, seed: 7, frequencyPenalty: 0, presencePenalty: 0.5 },
      stop: ['END'],
      outputTokensMax: 5,
      thinking: { kind: 'budget', tokens: 10_000 },
      serviceTier: 'standard_only',
      modalities: ['text', 'audio'],
    }),
  );
  expect(losses.map(({ path, why }) => `${path} ${why}`)).toEqual([
    'messages[].content[].input_audio unsupported',
    'messages[].content[].file changed',
    'messages[].content unsupported',
    'messages[].content[].search_result unsupported',
    expect.stringContaining('reasoning'),
    'messages[].audio unsupported',
    'top_k unsupported',
    'seed unsupported',
    'presence_penalty unsupported',
    'stop unsupported',
    'reasoning_effort changed',
    'service_tier unsupported',
    'modalities unsupported',
    'max_completion_tokens changed',
  ]);
});

test('sealed thinking of this maker goes back with its id, whoever carried it', () => {
  const signature = { maker: 'openai', value: 'gAAA', id: 'rs_1' } as const;
  const { body, losses } = write(
    foreign({ messages: [{ role: 'assistant', parts: [{ kind: 'thinking', text: 'Hm.', signature }] }] }),
  );
  expect(body.input).toEqual([
    {
      type: 'reasoning',
      id: 'rs_1',
      summary: [{ type: 'summary_text', text: 'Hm.' }],
      encrypted_content: 'gAAA',
    },
  ]);
  expect(losses).toEqual([]);
});

test('defaults that clients write out, and thinking that is sealed anyway, are no losses elsewhere', () => {
  const body = {
    input: 'x',
    max_output_tokens: 50,
    store: false,
    truncation: 'disabled',
    include: ['reasoning.encrypted_content'],
    top_logprobs: 0,
    stream_options: { include_obfuscation: false },
    text: { format: { type: 'text' } },
  };
  expect(dialects['openai-chat'].outbound.writeCall(inbound.readCall(body), 'm').losses).toEqual([]);
});
