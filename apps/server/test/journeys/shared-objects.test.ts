import { answersJson } from '@app/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openResponsesServer, type ResponsesServer } from '../open-responses-server.ts';

let open: ResponsesServer;
beforeAll(async () => {
  open = await openResponsesServer({ dialect: 'openai-responses' });
  open.upstream.play((response, request) => {
    const code = { type: 'code_interpreter_call', id: 'ci_1', code: '1', outputs: [], status: 'completed' };
    const output = [
      { ...code, container_id: 'cntr_made' },
      {
        ...{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed' },
        content: [
          {
            ...{ type: 'output_text', text: 'Done.', logprobs: [] },
            annotations: [{ type: 'container_file_citation', container_id: 'cntr_made', file_id: 'cfile_1' }],
          },
        ],
      },
    ];
    const { model } = request.json ?? {};
    const whole = { id: 'resp_x', object: 'response', created_at: 1, status: 'completed', model, output };
    return answersJson(whole)(response, request);
  });
});
afterAll(() => open.close());
afterEach(() => {
  expect(open.server.defects).toEqual([]);
  open.upstream.requests.length = 0;
});

const TOOLS = [{ type: 'code_interpreter', container: { type: 'auto' } }];
const create = (body: object) =>
  open.send('POST', '/v1/responses', { body: { model: 'the-model', tools: TOOLS, input: 'Hi', ...body } });
const call = (id: string) => ({ type: 'code_interpreter_call', id: 'ci_9', container_id: id, code: '1' });

test('a conversation goes on in the container that the provider made for it, and in no other', async () => {
  const { id } = (await create({})).json;
  const next = await create({ previous_response_id: id });
  expect(next.status).toBe(200);
  expect(open.upstream.requests[1]?.body).toContain('"container_id":"cntr_made"');
  const named = { tools: [{ type: 'code_interpreter', container: 'cntr_made' }] };
  expect((await create({ previous_response_id: id, ...named })).status).toBe(200);

  open.upstream.requests.length = 0;
  const foreign = { tools: [{ type: 'code_interpreter', container: 'cntr_theirs' }] };
  for (const body of [
    { previous_response_id: id, input: [call('cntr_theirs')] },
    { previous_response_id: id, ...foreign },
    { input: [call('cntr_theirs')] },
    { input: [call('cntr_made')] },
    named,
  ]) {
    const refused = await create(body);
    expect(refused.status).toBe(400);
    expect(refused.json.error).toMatchObject({ code: 'unsupported_parameter' });
    expect(refused.json.error.param).toMatch(/^container/);
  }
  expect(open.upstream.requests).toEqual([]);
});

test('what a caller wrote into a conversation or an earlier call makes nothing its own', async () => {
  const body = { items: [call('cntr_theirs')] };
  const conversation = (await open.send('POST', '/v1/conversations', { body })).json.id;
  expect((await create({ conversation })).status).toBe(400);
  const { id } = (await create({ input: [call('cntr_theirs')], background: true })).json;
  const ended = async () => (await open.send('GET', `/v1/responses/${id}`)).json;
  await expect.poll(async () => (await ended()).status, { timeout: 5_000 }).toBe('failed');
  expect((await create({ previous_response_id: id })).status).toBe(400);
  expect(open.upstream.requests).toEqual([]);
});

test.each<[string, object]>([
  ['vector_store_ids', { tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }] }],
  ['prompt', { prompt: { id: 'pmpt_1' } }],
  ['file_url', { input: [{ role: 'user', content: [{ type: 'input_file', file_url: 's3://b/o.pdf' }] }] }],
])('no call names another project’s things by %s, in whatever way it comes', async (param, body) => {
  for (const background of [false, true]) {
    const reply = await create({ ...body, background });
    if (!background) expect(reply.json.error).toMatchObject({ code: 'unsupported_parameter', param });
  }
  const counted = { model: 'the-model', input: 'Hi', ...body };
  expect((await open.send('POST', '/v1/responses/input_tokens', { body: counted })).status).toBe(400);
  expect(open.upstream.requests).toEqual([]);
});
