import { describe, expect, test } from 'vitest';
import { type Call, dialects, type JsonObject, type UserPart } from '../index.ts';

const { inbound, outbound } = dialects['anthropic-messages'];
const hello = [{ role: 'user', content: 'Hello' }];

function foreign(changes: Partial<Call>): Call {
  const { wire: _, ...call } = inbound.readCall({ model: 'm', max_tokens: 10, messages: hello });
  return { ...call, extra: { dialect: 'openai-chat', fields: {} }, ...changes };
}

function shown(...parts: UserPart[]) {
  const { body, losses } = outbound.writeCall(foreign({ messages: [{ role: 'user', parts }] }), 'm');
  const [message] = JSON.parse(JSON.stringify(body.messages));
  return { content: message?.content, losses };
}

describe('a call of its own dialect', () => {
  test('keeps documents, searches and its queue when it is written anew', () => {
    const body = {
      model: 'm',
      max_tokens: 10,
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'document',
              source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
              title: 'Fog',
              cache_control: { type: 'ephemeral' },
            },
            { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Fog.' } },
            { type: 'document', source: { type: 'url', url: 'https://a.example/a.pdf' } },
            { type: 'document', source: { type: 'file', file_id: 'file_1' } },
            { type: 'document', source: { type: 'content', content: 'Fog.' }, context: 'x' },
            { type: 'search_result', source: 'x', title: 'y', content: [] },
          ],
        },
      ],
      tools: [
        { type: 'web_search_20260209', name: 'web_search', max_uses: 3, blocked_domains: ['a.example'] },
      ],
      service_tier: 'standard_only',
    };
    const { wire: _, ...call } = inbound.readCall(body);
    expect(call.unread).toBeUndefined();
    expect(call.serviceTier).toBe('default');
    expect(call.tools).toMatchObject([{ kind: 'web-search', usesMax: 3, blockedDomains: ['a.example'] }]);
    expect(outbound.writeCall(call, 'm')).toEqual({ body, losses: [] });
  });

  test('says which switches of a document nobody else has', () => {
    const read = (extra: JsonObject) =>
      inbound.readCall({
        max_tokens: 1,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' }, ...extra },
            ],
          },
        ],
      }).unread;
    expect(read({ citations: { enabled: false } })).toBeUndefined();
    expect(read({ citations: { enabled: true }, context: 'y' })).toEqual([
      'messages[].content[].citations',
      'messages[].content[].context',
    ]);
  });
});

describe('a file of another dialect', () => {
  test('is a document when it is a PDF or text, and an image when it is one', () => {
    const { content, losses } = shown(
      {
        kind: 'file',
        name: 'a.pdf',
        source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' },
      },
      { kind: 'file', source: { kind: 'base64', mediaType: 'text/csv', data: btoa('a,b') } },
      { kind: 'file', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
      { kind: 'file', source: { kind: 'url', url: 'https://a.example/a.pdf' } },
    );
    expect(content).toEqual([
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
        title: 'a.pdf',
      },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a,b' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      { type: 'document', source: { type: 'url', url: 'https://a.example/a.pdf' } },
    ]);
    expect(losses).toEqual([]);
  });

  test.each<[string, UserPart, string]>([
    ['a film', { kind: 'file', source: { kind: 'base64', mediaType: 'video/mp4', data: 'AAAA' } }, 'file'],
    [
      'broken text',
      { kind: 'file', source: { kind: 'base64', mediaType: 'text/plain', data: '/w==' } },
      'file',
    ],
    ['a sound', { kind: 'audio', format: 'wav', data: 'AAAA' }, 'input_audio'],
    [
      'a picture',
      { kind: 'image', source: { kind: 'base64', mediaType: 'image/tiff', data: 'A' } },
      'image_url',
    ],
  ])('that is %s is lost, and says so', (_, part, word) => {
    const { content, losses } = shown({ kind: 'text', text: 'x' }, part);
    expect(content).toHaveLength(1);
    expect(losses).toEqual([{ path: `messages[].content[].${word}`, why: 'unsupported' }]);
  });
});

describe('a call of another dialect', () => {
  test('says what has no field here', () => {
    const { losses } = outbound.writeCall(
      foreign({
        logprobs: { top: 2 },
        metadata: { team: 'blue' },
        promptCacheKey: 'k',
        safetyIdentifier: 's',
        verbosity: 'low',
        modalities: ['text', 'audio'],
        serviceTier: 'flex',
      }),
      'm',
    );
    expect(losses.map(({ path }) => path).toSorted()).toEqual([
      'logprobs',
      'metadata',
      'modalities',
      'prompt_cache_key',
      'safety_identifier',
      'service_tier',
      'verbosity',
    ]);
  });

  test('loses nothing by a wish for what comes anyway', () => {
    const { body, losses } = outbound.writeCall(foreign({ modalities: ['text'], serviceTier: 'auto' }), 'm');
    expect(losses).toEqual([]);
    expect(body).not.toHaveProperty('service_tier');
  });

  test('that allows some of its functions sends those alone', () => {
    const look = { kind: 'function', name: 'look', schema: { type: 'object' } } as const;
    const toolChoice: Call['toolChoice'] = { kind: 'allowed', names: ['look'], isRequired: true };
    const { body, losses } = outbound.writeCall(
      foreign({ tools: [look, { ...look, name: 'listen' }], toolChoice }),
      'm',
    );
    expect(body.tools).toEqual([{ name: 'look', input_schema: { type: 'object' } }]);
    expect(body.tool_choice).toEqual({ type: 'any' });
    expect(losses).toEqual([{ path: 'tool_choice', why: 'changed' }]);
  });

  test('searches the web with what is known of the wish', () => {
    const wire = { dialect: 'openai-responses' as const, value: { type: 'web_search' } };
    const tools: Call['tools'] = [{ kind: 'web-search', allowedDomains: ['a.example'], wire }];
    expect(outbound.writeCall(foreign({ tools }), 'm')).toMatchObject({
      body: {
        tools: [{ type: 'web_search_20250305', name: 'web_search', allowed_domains: ['a.example'] }],
      },
      losses: [],
    });
  });

  test('says that a refusal is told as text, and that a sound is not told', () => {
    const { losses } = outbound.writeCall(
      foreign({
        messages: [
          {
            role: 'assistant',
            parts: [
              { kind: 'refusal', text: 'No.' },
              { kind: 'media', mediaType: 'audio/wav', data: 'AAAA' },
            ],
          },
        ],
      }),
      'm',
    );
    expect(losses).toEqual([
      { path: 'messages[].refusal', why: 'changed' },
      { path: 'messages[].audio', why: 'unsupported' },
    ]);
  });
});
