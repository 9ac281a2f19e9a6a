import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { testKeys } from '../test-keys.ts';

let server: TestServer;
let isStoreUp = true;

beforeAll(async () => {
  const baseUrl = 'http://127.0.0.1:1';
  server = await createTestServer({
    providers: [
      { id: 'one', dialect: 'openai-chat', baseUrl, models: ['m1', 'm2', 'org/m3'] },
      { id: 'two', dialect: 'anthropic-messages', baseUrl, models: ['m4', 'm5'] },
    ],
    aliases: { best: ['m1', 'm4'] },
    checks: {
      store: async () => {
        if (!isStoreUp) throw new Error('down');
      },
      stuck: () => (isStoreUp ? Promise.resolve() : new Promise(() => {})),
    },
  });
});

afterAll(() => server.close());

const get = (path: string, headers: { [name: string]: string } = {}) =>
  fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${testKeys.live}`, ...headers } });

test('the OpenAI SDK lists every model and alias, and gets one', async () => {
  const openai = new OpenAI({ apiKey: testKeys.live, baseURL: `${server.url}/v1`, maxRetries: 0 });
  const ids: string[] = [];
  for await (const model of openai.models.list()) {
    expect(model).toMatchObject({
      object: 'model',
      created: expect.any(Number),
      owned_by: expect.any(String),
    });
    ids.push(model.id);
  }
  expect(ids.sort()).toEqual(['best', 'm1', 'm2', 'm4', 'm5', 'org/m3']);
  expect(await openai.models.retrieve('m4')).toMatchObject({ id: 'm4', owned_by: 'two' });
  expect(await openai.models.retrieve('org/m3')).toMatchObject({ id: 'org/m3' });
  await expect(openai.models.retrieve('none')).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
  });
});

test('the Anthropic SDK lists them in its own shape, page by page, and gets one', async () => {
  const anthropic = new Anthropic({ apiKey: testKeys.live, baseURL: server.url, maxRetries: 0 });
  const ids: string[] = [];
  for await (const model of anthropic.models.list({ limit: 2 })) {
    expect(model).toMatchObject({ type: 'model', display_name: expect.any(String) });
    ids.push(model.id);
  }
  expect(ids.sort()).toEqual(['best', 'm1', 'm2', 'm4', 'm5', 'org/m3']);
  const page = await anthropic.models.list({ limit: 2, before_id: 'm4' });
  expect(page.data).toHaveLength(2);
  expect(await anthropic.models.retrieve('m4')).toMatchObject({ type: 'model', id: 'm4' });
  await expect(anthropic.models.retrieve('none')).rejects.toMatchObject({ status: 404 });
});

test('the older address lists the same, and nothing is listed without a key', async () => {
  expect(await (await get('/api/v1/models')).json()).toEqual(await (await get('/v1/models')).json());
  const response = await fetch(`${server.url}/v1/models`);
  expect(response.status).toBe(401);
  expect(response.headers.get('x-request-id')).toMatch(/^req_/);
});

test('health tells that this process lives, whatever its stores do', async () => {
  isStoreUp = false;
  const response = await fetch(`${server.url}/health`);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    status: 'ok',
    version: '0.0.0-test',
    timestamp: expect.any(String),
  });
  isStoreUp = true;
});

test('ready tells whether the stores answer, in time', async () => {
  const ready = await fetch(`${server.url}/ready`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toEqual({ status: 'ready', checks: { store: 'ok', stuck: 'ok' } });
  isStoreUp = false;
  const unready = await fetch(`${server.url}/ready`);
  isStoreUp = true;
  expect(unready.status).toBe(503);
  expect(unready.headers.get('retry-after')).toBe('1');
  expect(await unready.json()).toEqual({ status: 'unready', checks: { store: 'failed', stuck: 'failed' } });
});

test('the address for reports is where finders look for it', async () => {
  const response = await fetch(`${server.url}/.well-known/security.txt`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(await response.text()).toMatch(/^Contact: mailto:security@example\.org\nExpires: \d{4}-.*Z\n/);
});

test('every reply says what it is and carries a request id; no other origin may read it', async () => {
  for (const path of ['/health', '/ready', '/v1/models', '/nothing', '/.well-known/security.txt']) {
    const response = await get(path, { origin: 'https://elsewhere.example' });
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-request-id')).toMatch(/^req_[0-9a-z]{26}$/);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  }
});
