import { describe, expect, test } from 'vitest';
import type { AssistantPart, Call, UserPart } from '../call.ts';
import { dialects, type JsonObject } from '../index.ts';

const { inbound, outbound } = dialects['openai-chat'];
const hello = [{ role: 'user', content: 'Hello' }];

/** A call without its bytes, as a step that changed it leaves it. */
function rewritten(body: JsonObject): Call {
  const { wire: _, ...call } = inbound.readCall(body);
  return call;
}

function foreign(changes: Partial<Call>): Call {
  const call = rewritten({ model: 'm', messages: hello });
  return { ...call, extra: { dialect: 'anthropic-messages', fields: {} }, ...changes };
}

const user = (...parts: UserPart[]): Partial<Call> => ({ messages: [{ role: 'user', parts }] });
const said = (...parts: AssistantPart[]): Partial<Call> => ({ messages: [{ role: 'assistant', parts }] });

describe('a call of its own dialect', () => {
  test('keeps every named field when it is written anew', () => {
    const body = {
      model: 'm',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hear', cache_control: { type: 'ephemeral', ttl: '1h' } },
            { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
            { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERi0=', filename: 'a.pdf' } },
            { type: 'file', file: { file_data: 'https://a.example/a.pdf' } },
            { type: 'file', file: { file_id: 'file-1' } },
            { type: 'video_url', video_url: { url: 'https://a.example/a.mp4' } },
          ],
        },
        { role: 'assistant', content: null, refusal: 'No.', audio: { id: 'audio_1' } },
      ],
      tools: [
        { type: 'function', function: { name: 'look' }, cache_control: { type: 'ephemeral' } },
        { type: 'custom', custom: { name: 'x' } },
      ],
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'look' } }] },
      },
      web_search_options: { search_context_size: 'low' },
      logprobs: true,
      top_logprobs: 3,
      modalities: ['text', 'audio'],
      audio: { voice: 'alloy', format: 'wav' },
      service_tier: 'flex',
      metadata: { team: 'blue' },
      prompt_cache_key: 'k',
      safety_identifier: 's',
      verbosity: 'low',
      user: 'u',
    };
    const call = rewritten(body);
    expect(call.unread).toBeUndefined();
    expect(outbound.writeCall(call, 'm')).toEqual({ body, losses: [] });
  });

  test('keeps what is not as documented for the provider that knows it', () => {
    const odd = { logprobs: 5, metadata: { deep: { a: 1 } }, modalities: 'text', top_logprobs: 2 };
    const call = rewritten({ model: 'm', messages: hello, ...odd });
    expect(call.extra.fields).toEqual(odd);
    expect(outbound.writeCall(call, 'm').body).toMatchObject(odd);
  });

  test('keeps a choice among tools that are no functions', () => {
    const choice = {
      type: 'allowed_tools',
      allowed_tools: { mode: 'auto', tools: [{ type: 'custom', custom: { name: 'x' } }] },
    };
    const call = rewritten({ model: 'm', messages: hello, tool_choice: choice });
    expect(call.toolChoice).toBeUndefined();
    expect(call.extra.fields.tool_choice).toEqual(choice);
  });
});

describe('a call of another dialect', () => {
  test.each<[string, Partial<Call>, [string, string]]>([
    [
      'a file by URL',
      user({ kind: 'file', source: { kind: 'url', url: 'https://a' } }),
      ['document', 'unsupported'],
    ],
    [
      'a film',
      user({ kind: 'file', source: { kind: 'base64', mediaType: 'video/mp4', data: 'AAAA' } }),
      ['document', 'unsupported'],
    ],
    ['a file of text', user({ kind: 'file', source: { kind: 'text', text: 'x' } }), ['document', 'changed']],
    [
      'an image of the model',
      said({ kind: 'media', mediaType: 'image/png', data: 'A' }),
      ['media', 'unsupported'],
    ],
    [
      'a citation',
      said({ kind: 'text', text: 'x', citations: [{ wire: { dialect: 'gemini', value: {} } }] }),
      ['citations', 'unsupported'],
    ],
    [
      'a seal on a text',
      said({ kind: 'text', text: 'x', signature: { maker: 'google', value: 'g' } }),
      ['thinking', 'unsupported'],
    ],
  ])('loses %s, and says so', (_, changes, [word, why]) => {
    const { losses } = outbound.writeCall(foreign(changes), 'm');
    expect(losses).toEqual([{ path: `messages[].content[].${word}`, why }]);
  });

  test('sends a file of text as text, and a file that is an image as an image', () => {
    const { body } = outbound.writeCall(
      foreign(
        user(
          { kind: 'file', source: { kind: 'text', text: 'Fog.' } },
          { kind: 'file', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
        ),
      ),
      'm',
    );
    expect(body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Fog.' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
    ]);
  });

  test('searches the web, and says what of the wish was lost', () => {
    const wire = { dialect: 'anthropic-messages' as const, value: { type: 'web_search_20250305' } };
    const plain = outbound.writeCall(foreign({ tools: [{ kind: 'web-search', wire }] }), 'm');
    expect(plain.body.web_search_options).toEqual({});
    expect(plain.losses).toEqual([]);
    const bound = outbound.writeCall(foreign({ tools: [{ kind: 'web-search', usesMax: 2, wire }] }), 'm');
    expect(bound.losses).toEqual([{ path: 'tools[].web_search', why: 'unsupported' }]);
    const placed = {
      ...wire,
      value: { type: 'web_search_20250305', user_location: { type: 'approximate', city: 'Kiel' } },
    };
    expect(
      outbound.writeCall(foreign({ tools: [{ kind: 'web-search', wire: placed }] }), 'm').losses,
    ).toEqual([{ path: 'tools[].web_search', why: 'changed' }]);
  });
});
