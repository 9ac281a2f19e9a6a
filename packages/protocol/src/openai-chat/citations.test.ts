import { describe, expect, test } from 'vitest';
import { type Citation, collect, dialects, type JsonObject, type TextPart } from '../index.ts';
import { cite, writeAnnotations } from './citations.ts';

const { outbound, inbound } = dialects['openai-chat'];

function annotation(start: number, end: number): JsonObject {
  const place = { start_index: start, end_index: end };
  return { type: 'url_citation', url_citation: { url: 'https://a.example', title: 'A', ...place } };
}

function replyOf(body: JsonObject) {
  const choices = [{ message: { role: 'assistant', content: 'Fog.' }, finish_reason: 'stop' }];
  return collect(outbound.readReply({ id: 'x', model: 'm', choices, ...body }));
}

describe('an annotation', () => {
  test('counts over the whole content, and a citation over its part', () => {
    const texts: TextPart[] = [
      { kind: 'text', text: 'One. ' },
      { kind: 'text', text: 'Two.' },
    ];
    cite(texts, [annotation(0, 4), annotation(5, 8)]);
    expect(texts.map(({ citations }) => citations?.map(({ start, end }) => [start, end]))).toEqual([
      [[0, 4]],
      [[0, 3]],
    ]);
  });

  test('of another dialect’s citation covers the whole text when that names no place', () => {
    const anthropic: Citation = {
      url: 'https://b.example',
      quote: 'It says.',
      wire: { dialect: 'anthropic-messages', value: {} },
    };
    const place = { start_index: 10, end_index: 14 };
    expect(writeAnnotations([anthropic], 4, 10)).toEqual([
      {
        type: 'url_citation',
        url_citation: { url: 'https://b.example', title: '', content: 'It says.', ...place },
      },
    ]);
    const { url: _, ...withoutUrl } = anthropic;
    expect(writeAnnotations([withoutUrl], 4, 10)).toEqual([]);
  });

  test('goes back as it came', () => {
    const value = { type: 'file', file: { hash: 'x' } };
    expect(writeAnnotations([{ wire: { dialect: 'openai-chat', value } }], 4, 0)).toEqual([value]);
  });
});

describe('sources beside the choices', () => {
  const results = [{ title: 'Fog', url: 'https://fog.example', snippet: 'Sea.', date: '2025-01-01' }];

  test('are citations of the text, and go back beside the choices', () => {
    const reply = replyOf({ search_results: results, citations: ['https://fog.example'] });
    expect(reply.parts).toEqual([
      {
        kind: 'text',
        text: 'Fog.',
        citations: [
          {
            url: 'https://fog.example',
            title: 'Fog',
            quote: 'Sea.',
            wire: { dialect: 'openai-chat', value: results[0] },
          },
        ],
      },
    ]);
    const body = inbound.writeReply(reply);
    expect(body.search_results).toEqual(results);
    expect(body.citations).toEqual(['https://fog.example']);
  });

  test('may be plain URLs', () => {
    const reply = replyOf({ citations: ['https://fog.example'] });
    expect(reply.parts[0]).toMatchObject({ citations: [{ url: 'https://fog.example' }] });
    expect(inbound.writeReply(reply)).toMatchObject({ citations: ['https://fog.example'] });
    expect(inbound.writeReply(reply)).not.toHaveProperty('search_results');
  });

  test('reach a caller of Messages as what a search found', () => {
    const reply = replyOf({ search_results: results });
    expect(dialects['anthropic-messages'].inbound.writeReply(reply).content).toEqual([
      {
        type: 'text',
        text: 'Fog.',
        citations: [
          {
            type: 'web_search_result_location',
            url: 'https://fog.example',
            title: 'Fog',
            cited_text: 'Sea.',
            encrypted_index: '',
          },
        ],
      },
    ]);
  });
});

test('a citation that comes after its text is not lost', () => {
  const reader = outbound.openReader();
  const read = (choice: JsonObject) =>
    reader.read({ data: JSON.stringify({ id: 'x', model: 'm', choices: [{ index: 0, ...choice }] }) });
  const events = [
    ...read({ delta: { content: 'Fog.' } }),
    ...read({ delta: { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }] } }),
    ...read({ delta: { annotations: [annotation(0, 3)] } }),
    ...read({ delta: {}, finish_reason: 'tool_calls' }),
    ...reader.end(),
  ];
  const cited = collect(events).parts.filter((part) => part.kind === 'text' && part.citations !== undefined);
  expect(cited).toHaveLength(1);
});
