import { describe, expect, test } from 'vitest';
import type { Call, FilePart, Message, Tool, UserPart } from '../call.ts';
import { plainCall } from '../call-samples.ts';
import { writeCall } from './write-call.ts';

const CLAUDE = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
const look: Tool = { kind: 'function', name: 'look', schema: { type: 'object' } };
const write = (changes: Partial<Call>, model = CLAUDE) => writeCall(plainCall(changes), model);
const asks = (...parts: UserPart[]): Partial<Call> => ({ messages: [{ role: 'user', parts }] });

test('a call becomes a body without model or stream, which stand in the path', () => {
  const { body, losses } = write({
    system: [{ kind: 'text', text: 'Be brief.', cache: { lifetime: '1h' } }],
    tools: [{ ...look, description: 'Looks.', strict: true, cache: { lifetime: '5m' } }],
    toolChoice: { kind: 'tool', name: 'look' },
    sampling: { temperature: 0.5, topK: 5 },
    stop: ['END'],
    stream: true,
    serviceTier: 'flex',
    metadata: { team: 'blue' },
    format: { kind: 'schema', name: 'answer', schema: { type: 'object' }, description: 'An answer.' },
  });
  expect(losses).toEqual([]);
  expect(body).toEqual({
    system: [{ text: 'Be brief.' }, { cachePoint: { type: 'default', ttl: '1h' } }],
    messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
    toolConfig: {
      tools: [
        {
          toolSpec: {
            name: 'look',
            description: 'Looks.',
            inputSchema: { json: { type: 'object' } },
            strict: true,
          },
        },
        { cachePoint: { type: 'default' } },
      ],
      toolChoice: { tool: { name: 'look' } },
    },
    inferenceConfig: { maxTokens: 100, temperature: 0.5, stopSequences: ['END'] },
    additionalModelResponseFieldPaths: ['/stop_sequence'],
    additionalModelRequestFields: { top_k: 5 },
    serviceTier: { type: 'flex' },
    requestMetadata: { team: 'blue' },
    outputConfig: {
      textFormat: {
        type: 'json_schema',
        structure: { jsonSchema: { name: 'answer', schema: '{"type":"object"}', description: 'An answer.' } },
      },
    },
  });
});

test('roles alternate, results come first in their turn, and instructions in between are marked', () => {
  const messages: Message[] = [
    { role: 'user', parts: [{ kind: 'text', text: 'Look.' }] },
    {
      role: 'assistant',
      parts: [
        { kind: 'thinking', text: 'Hm.', signature: { maker: 'anthropic', value: 'c2VhbA==' } },
        { kind: 'tool-call', id: 'functions.look:0', name: 'look', input: '{"at":"sea"}' },
        { kind: 'tool-call', id: 'b', name: 'look', input: 'broken' },
      ],
    },
    { role: 'system', parts: [{ kind: 'text', text: 'Be kind.' }] },
    {
      role: 'user',
      parts: [
        { kind: 'text', text: 'Well?' },
        {
          kind: 'tool-result',
          callId: 'functions.look:0',
          parts: [{ kind: 'text', text: 'Fog.' }],
          isError: true,
          cache: { lifetime: '5m' },
        },
        { kind: 'tool-result', callId: 'b', parts: [] },
      ],
    },
  ];
  const { body, losses } = write({ messages, tools: [look] });
  const id = expect.stringMatching(/^functions_look_0_[0-9a-f]{8}$/);
  expect(body.messages).toEqual([
    { role: 'user', content: [{ text: 'Look.' }] },
    {
      role: 'assistant',
      content: [
        { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2VhbA==' } } },
        { toolUse: { toolUseId: id, name: 'look', input: { at: 'sea' } } },
        { toolUse: { toolUseId: 'b', name: 'look', input: { INVALID_JSON: 'broken' } } },
      ],
    },
    {
      role: 'user',
      content: [
        { toolResult: { toolUseId: id, content: [{ text: 'Fog.' }], status: 'error' } },
        { cachePoint: { type: 'default' } },
        { toolResult: { toolUseId: 'b', content: [] } },
        { text: '<system>\nBe kind.\n</system>' },
        { text: 'Well?' },
      ],
    },
  ]);
  expect(losses).toEqual([{ path: 'messages[].role', why: 'changed' }]);
});

describe('tools', () => {
  const past: Message[] = [
    { role: 'user', parts: [{ kind: 'text', text: 'Look.' }] },
    { role: 'assistant', parts: [{ kind: 'tool-call', id: 'a', name: 'old.tool', input: '{}' }] },
    { role: 'user', parts: [{ kind: 'tool-result', callId: 'a', parts: [{ kind: 'text', text: 'Fog.' }] }] },
  ];

  test('calls in the past without tools get tools by their names, which the wire demands', () => {
    const { body, losses } = write({ messages: past });
    expect(body.toolConfig).toEqual({
      tools: [{ toolSpec: { name: 'old_x2e_tool', inputSchema: { json: { type: 'object' } } } }],
    });
    expect(losses).toEqual([{ path: 'tools', why: 'changed' }]);
  });

  test('a forbidden use of tools leaves them out, unless calls in the past need them', () => {
    const fresh = write({ tools: [look], toolChoice: { kind: 'none' } });
    expect(fresh.body.toolConfig).toBeUndefined();
    expect(fresh.losses).toEqual([{ path: 'tool_choice', why: 'changed' }]);
    const later = write({ messages: past, tools: [look], toolChoice: { kind: 'none' } });
    expect(later.body.toolConfig).toMatchObject({ tools: [{ toolSpec: { name: 'look' } }] });
    expect(later.losses).toEqual([{ path: 'tool_choice', why: 'unsupported' }]);
  });

  test('some of the tools are allowed by leaving out the others', () => {
    const { body } = write({
      tools: [look, { ...look, name: 'listen' }],
      toolChoice: { kind: 'allowed', names: ['listen'], isRequired: true },
    });
    expect(body.toolConfig).toMatchObject({
      tools: [{ toolSpec: { name: 'listen' } }],
      toolChoice: { any: {} },
    });
  });

  test('a name that cannot be spelled in 64 characters is told', () => {
    expect(write({ tools: [{ ...look, name: 'ü'.repeat(30) }] }).losses).toEqual([
      { path: 'tools[].name', why: 'changed' },
    ]);
  });
});

describe('what a model of each maker is told', () => {
  const thinks: Partial<Call> = { thinking: { kind: 'effort', effort: 'high' }, sampling: { topK: 5 } };
  test.each([
    ['us.anthropic.claude-opus-4-6-v1', { output_config: { effort: 'high' }, top_k: 5 }, 0],
    [
      'arn:aws:bedrock:eu-west-1:1:application-inference-profile/x',
      { output_config: { effort: 'high' }, top_k: 5 },
      0,
    ],
    [
      'us.amazon.nova-2-lite-v1:0',
      { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' }, inferenceConfig: { topK: 5 } },
      0,
    ],
    ['openai.gpt-oss-120b-1:0', { reasoning_effort: 'high' }, 1],
    ['us.meta.llama4-scout-17b-instruct-v1:0', undefined, 2],
  ])('%s', (model, fields, lost) => {
    const { body, losses } = write(thinks, model);
    expect(body.additionalModelRequestFields).toEqual(fields);
    expect(losses).toHaveLength(lost);
  });

  test('a thinking budget is said to Claude and becomes an effort elsewhere', () => {
    const thinking: Partial<Call> = { thinking: { kind: 'budget', tokens: 8_000 } };
    expect(write(thinking).body.additionalModelRequestFields).toEqual({
      thinking: { type: 'enabled', budget_tokens: 8_000 },
    });
    const { body, losses } = write(thinking, 'openai.gpt-oss-20b-1:0');
    expect(body.additionalModelRequestFields).toEqual({ reasoning_effort: 'medium' });
    expect(losses).toEqual([{ path: 'reasoning_effort', why: 'changed' }]);
  });

  test('marks for the cache go only to who takes them', () => {
    const marked = asks({ kind: 'text', text: 'Long.', cache: { lifetime: '5m' } });
    const { body, losses } = write(marked, 'mistral.mistral-large-2407-v1:0');
    expect(body.messages).toEqual([{ role: 'user', content: [{ text: 'Long.' }] }]);
    expect(losses).toHaveLength(1);
  });
});

describe('media', () => {
  const file = (source: FilePart['source'], name?: string): FilePart => ({
    kind: 'file',
    source,
    ...(name === undefined ? {} : { name }),
  });
  const contentOf = (...parts: UserPart[]) => {
    const { body, losses } = write(asks(...parts));
    const [message] = body.messages as { content: object[] }[];
    return { content: message?.content ?? [], losses };
  };

  test('bytes and places in S3 are said, each in its kind', () => {
    const mp4 = { kind: 'base64', mediaType: 'video/mp4', data: 'AAAA' } as const;
    const { content, losses } = contentOf(
      { kind: 'image', source: { kind: 'base64', mediaType: 'image/jpg', data: 'aGk=' } },
      { kind: 'image', source: { kind: 'url', url: 's3://bucket/fog.PNG' } },
      { kind: 'audio', format: 'wav', data: 'UklGRg==' },
      file(mp4),
      file({ kind: 'text', text: 'Fog.' }),
      file({ kind: 'url', url: 's3://bucket/a.pdf' }, 'a (1).pdf'),
    );
    expect(losses).toEqual([]);
    expect(content).toEqual([
      { image: { format: 'jpeg', source: { bytes: 'aGk=' } } },
      { image: { format: 'png', source: { s3Location: { uri: 's3://bucket/fog.PNG' } } } },
      { audio: { format: 'wav', source: { bytes: 'UklGRg==' } } },
      { video: { format: 'mp4', source: { bytes: 'AAAA' } } },
      { document: { format: 'txt', name: 'document', source: { bytes: 'Rm9nLg==' } } },
      { document: { format: 'pdf', name: 'a (1)', source: { s3Location: { uri: 's3://bucket/a.pdf' } } } },
    ]);
  });

  test('two documents of one name get two names, and odd characters go, which is told', () => {
    const pdf = { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' } as const;
    const { content, losses } = contentOf(file(pdf, 'a_b.pdf'), file(pdf, 'a_b.pdf'));
    expect(content).toMatchObject([{ document: { name: 'a-b' } }, { document: { name: 'a-b 2' } }]);
    expect(losses).toEqual([{ path: 'messages[].content[].file.name', why: 'changed' }]);
  });

  test('what the wire has no way to carry is a loss, never a silent gap', () => {
    const { content, losses } = contentOf(
      { kind: 'text', text: 'See.' },
      { kind: 'image', source: { kind: 'url', url: 'https://x.example/a.png' } },
      { kind: 'image', source: { kind: 'base64', mediaType: 'image/tiff', data: 'aGk=' } },
      { kind: 'audio', format: 'midi', data: 'aGk=' },
      file({ kind: 'base64', mediaType: 'application/zip', data: 'aGk=' }),
      { kind: 'opaque', dialect: 'openai-chat', value: { type: 'hologram' } },
    );
    expect(content).toEqual([{ text: 'See.' }]);
    expect(losses.map(({ path }) => path)).toEqual([
      'messages[].content[].image_url',
      'messages[].content[].input_audio',
      'messages[].content[].file',
      'messages[].content[].hologram',
    ]);
  });
});
