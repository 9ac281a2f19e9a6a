import { GatewayError, type JsonObject } from '@app/protocol';
import { describe, expect, test } from 'vitest';
import { listFileIds, listFileIdsOfLines, mayNameFiles } from './list-file-ids.ts';

const said = (part: JsonObject): JsonObject => ({ messages: [{ role: 'user', content: [part] }] });

describe('files that a call names', () => {
  test.each<[string, JsonObject]>([
    ['chat', said({ type: 'file', file: { file_id: 'f1' } })],
    ['responses', { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'f1' }] }] }],
    ['responses, a picture', { input: [{ content: [{ type: 'input_image', file_id: 'f1' }] }] }],
    [
      'a tool’s container',
      { tools: [{ type: 'code_interpreter', container: { type: 'auto', file_ids: ['f1'] } }] },
    ],
    ['messages', said({ type: 'document', source: { type: 'file', file_id: 'f1' } })],
    ['messages, a container', said({ type: 'container_upload', file_id: 'f1' })],
    ['gemini', { contents: [{ parts: [{ fileData: { fileUri: 'https://g.test/v1beta/files/f1' } }] }] }],
    ['gemini, by name', { contents: [{ parts: [{ file_data: { file_uri: 'files/f1' } }] }] }],
    ['a result of a tool', { input: [{ type: 'function_call_output', output: [{ file_id: 'f1' }] }] }],
  ])('are found in the words of %s', (_, body) => {
    expect(listFileIds(body)).toEqual(['f1']);
    expect(mayNameFiles(JSON.stringify(body))).toBe(true);
  });

  test.each<[string, JsonObject]>([
    [
      'what a tool may be called with',
      { tools: [{ parameters: { properties: { file_id: { default: 'x' } } } }] },
    ],
    ['what a tool was called with', said({ type: 'tool_use', id: '1', name: 'n', input: { file_id: 'x' } })],
    ['the caller’s own notes', { metadata: { file_id: 'x' } }],
    [
      'a film elsewhere',
      { contents: [{ parts: [{ fileData: { fileUri: 'https://video.test/watch?v=1' } }] }] },
    ],
    ['a text', said({ type: 'text', text: 'file_id: f1' })],
  ])('are not looked for in %s', (_, body) => {
    expect(listFileIds(body)).toEqual([]);
  });

  test('are looked for wherever a key may be spelled with escapes', () => {
    expect(mayNameFiles('{"file\\u005fid":"f1"}')).toBe(true);
    expect(mayNameFiles('{"content":"hello"}')).toBe(false);
  });

  test('are at most two hundred', () => {
    const many = said({ file_ids: Array.from({ length: 201 }, (_, at) => `f${at}`) });
    expect(() => listFileIds(many)).toThrow(GatewayError);
  });

  test('are found in every line of a batch, also where a line is understood differently elsewhere', () => {
    const lines = [
      '{"body":{"file_id":"f1"}}',
      'not json "file_id": "f2"',
      '{"file_id":"f3","file_id":"f4"}',
    ];
    expect(listFileIdsOfLines(Buffer.from(lines.join('\n'))).sort()).toEqual(['f1', 'f2', 'f3', 'f4']);
  });
});
