import type { JsonObject } from '@app/protocol';
import { describe, expect, test } from 'vitest';
import { FILE_IDS_MAX, readNamedObjects } from './named-objects.ts';

const said = (part: JsonObject): JsonObject => ({ messages: [{ role: 'user', content: [part] }] });
const googles = 'https://generativelanguage.googleapis.com/v1beta/files/f1';

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
    ['gemini, spelled otherwise', { contents: [{ parts: [{ fileData: { fileUri: 'files%2Ff1' } }] }] }],
    ['a result of a tool', { input: [{ type: 'function_call_output', output: [{ file_id: 'f1' }] }] }],
    [
      'a body that calls itself a tool’s',
      { type: 'tool_use', id: '1', name: 'n', input: [{ file_id: 'f1' }] },
    ],
    ['chat, at Google', said({ type: 'image_url', image_url: { url: googles } })],
    ['responses, at Google', { input: [{ content: [{ type: 'input_file', file_url: ` ${googles}` }] }] }],
    [
      'messages, at Google',
      said({ type: 'image', source: { type: 'url', url: googles.replace('.com', '.COM.') } }),
    ],
    ['an address with an escape', said({ image_url: googles.replace('files', '%66iles') })],
    ['an address in other letters', said({ image_url: googles.replace('google', 'ｇｏｏｇｌｅ') })],
    ['an address without a host', said({ type: 'image_url', image_url: { url: 'files/f1' } })],
  ])('are found in the words of %s', (_, body) => {
    expect(readNamedObjects(body).files).toEqual(['f1']);
  });

  test.each<[string, JsonObject]>([
    [
      'what a tool may be called with',
      { tools: [{ parameters: { properties: { file_id: { default: 'x' } } } }] },
    ],
    ['what a tool was called with', said({ type: 'tool_use', id: '1', name: 'n', input: { file_id: 'x' } })],
    [
      'what a tool said',
      { contents: [{ parts: [{ functionResponse: { name: 'n', response: { file_id: 'x' } } }] }] },
    ],
    ['the caller’s own notes', { metadata: { file_id: 'x', container: 'c', cachedContent: 'c' } }],
    ['a schema', { text: { format: { schema: { example: { file_id: 'x', container: 'y' } } } } }],
    [
      'a film elsewhere',
      { contents: [{ parts: [{ fileData: { fileUri: 'https://video.test/watch?v=1' } }] }] },
    ],
    ['a picture in the world', said({ type: 'image_url', image_url: { url: 'https://a.test/files/x.png' } })],
    ['a picture itself', said({ type: 'image_url', image_url: { url: 'data:image/png;base64,files/x' } })],
    ['a text', said({ type: 'text', text: 'file_id: f1 gs://b/o container' })],
    [
      'the sources of an answer',
      { input: [{ content: [{ annotations: [{ file_id: 'x', container_id: 'c' }] }] }] },
    ],
    ['what a search found', { input: [{ type: 'file_search_call', results: [{ file_id: 'x' }] }] }],
    ['what a model’s code made', said({ type: 'bash_code_execution_output', file_id: 'x' })],
    ['a prompt that is a text', { prompt: 'a boat', container: { type: 'auto' } }],
    ['a skill of the maker', { container: { skills: [{ type: 'anthropic', skill_id: 'pptx' }] } }],
    ['what is absent', { previous_response_id: null, conversation: null, container: null, prompt: null }],
  ])('are not looked for in %s', (_, body) => {
    expect(readNamedObjects(body)).toEqual({ files: [], shared: undefined });
  });

  test('are counted no further than one too many', () => {
    const many = said({ file_ids: Array.from({ length: 100_000 }, (_, at) => `f${at}`) });
    expect(readNamedObjects(many).files).toHaveLength(FILE_IDS_MAX + 1);
  });
});

describe('what an account keeps beside files', () => {
  test.each<[string, JsonObject]>([
    ['vector_store_ids', { tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }] }],
    ['vector_store_ids', { tool_resources: { file_search: { vector_store_ids: ['vs_1'] } } }],
    ['container', { tools: [{ type: 'code_interpreter', container: 'cntr_1' }] }],
    ['container', { container: { id: 'container_1', skills: [] } }],
    ['container', { container: 'container_1' }],
    ['container_id', { tools: [{ type: 'shell', environment: { container_id: 'cntr_1' } }] }],
    ['skill_id', { container: { skills: [{ type: 'custom', skill_id: 'skill_1' }] } }],
    ['cachedContent', { cachedContent: 'cachedContents/c1' }],
    ['cached_content', { extra_body: { google: { cached_content: 'cachedContents/c1' } } }],
    ['fileSearchStoreNames', { tools: [{ fileSearch: { fileSearchStoreNames: ['fileSearchStores/s'] } }] }],
    ['ragCorpus', { tools: [{ retrieval: { vertexRagStore: { ragResources: [{ ragCorpus: 'c' }] } } }] }],
    ['datastore', { tools: [{ retrieval: { vertexAiSearch: { datastore: 'projects/p' } } }] }],
    ['prompt', { prompt: { id: 'pmpt_1' } }],
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: 'conv_1' }],
    ['conversation', { conversation: { id: 'conv_1' } }],
    ['type', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
    ['type', { input: [{ type: 'image_generation_call', id: 'ig_1' }] }],
    ['input', { input: [{ id: 'msg_1' }] }],
    ['fileUri', { contents: [{ parts: [{ fileData: { fileUri: 'gs://bucket/o' } }] }] }],
    ['url', said({ type: 'image_url', image_url: { url: 'GS://bucket/o' } })],
    ['url', said({ type: 'document', source: { type: 'url', url: '\ts3://bucket/o' } })],
    ['file_url', { input: [{ content: [{ type: 'input_file', file_url: 's3://bucket/o' }] }] }],
    ['url', said({ image_url: { url: 'https://generativelanguage.googleapis.com/v1beta/corpora/c' } })],
  ])('is found by %s', (field, body) => {
    expect(readNamedObjects(body).shared).toBe(field);
  });
});

test('a body of half a million values is looked through in no time', () => {
  const body = {
    input: Array.from({ length: 100_000 }, (_, at) => ({ type: 'x', url: `https://a.test/${at}`, id: 'a' })),
  };
  const startedAt = performance.now();
  readNamedObjects(body);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
