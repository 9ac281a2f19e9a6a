import type { DialectId } from '@app/protocol';
import { type FakeUpstream, openFakeUpstream } from '@app/testkit';
import OpenAI from 'openai';
import type { ResponsesDeps } from '../src/responses/open-responses.ts';
import { createTestServer, type TestServer } from './create-test-server.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { testKeys } from './test-keys.ts';

export type ResponsesServer = {
  upstream: FakeUpstream;
  server: TestServer;
  store: TestStore;
  /** The official client with one of the test keys. */
  client(key?: keyof typeof testKeys): OpenAI;
  /** A plain request; the body is JSON or a text as it is. */
  send(method: string, path: string, options?: SendOptions): Promise<Answer>;
  /** One more server on the same stores. */
  another(responses?: Partial<ResponsesDeps>): Promise<TestServer>;
  close(): Promise<void>;
};

type SendOptions = {
  body?: object | string;
  key?: keyof typeof testKeys;
  headers?: { [name: string]: string };
  url?: string;
};
type Answer = {
  status: number;
  headers: Headers;
  text: string;
  json: Shown;
};

/** What tests look into; which of it is there depends on what was asked. */
type Shown = {
  id: string;
  status: string;
  data: Shown[];
  error: { code: string; message: string; param: string | null };
  metadata: { [name: string]: string };
  [name: string]: unknown;
};

export type ResponsesServerOptions = {
  dialect?: DialectId;
  responses?: Partial<ResponsesDeps>;
  /** Closed with the server; one of the shared PostgreSQL when absent. */
  store?: TestStore;
};

/** A gateway whose replies are kept in a database of its own, before a provider that is played. */
export async function openResponsesServer(options: ResponsesServerOptions = {}): Promise<ResponsesServer> {
  const { dialect = 'openai-chat' } = options;
  const [upstream, store] = await Promise.all([openFakeUpstream(), options.store ?? openTestStore()]);
  await insertTenants(store);
  const open = (responses: Partial<ResponsesDeps> = {}) =>
    createTestServer({
      providers: [{ id: 'acme', dialect, baseUrl: upstream.url, models: ['the-model', 'other-model'] }],
      responses: { tables: store.store, ...options.responses, ...responses },
    });
  const server = await open();
  const more: TestServer[] = [];
  return {
    upstream,
    server,
    store,
    client: (key = 'live') =>
      new OpenAI({ apiKey: testKeys[key], baseURL: `${server.url}/v1`, maxRetries: 0 }),
    send: (method, path, given = {}) => send(server.url, { method, path, ...given }),
    another: async (responses) => {
      const opened = await open(responses);
      more.push(opened);
      return opened;
    },
    close: async () => {
      for (const each of [...more, server]) await each.close();
      await upstream.close();
      await store.close();
    },
  };
}

async function insertTenants({ store }: TestStore): Promise<void> {
  const createdAtMs = Date.UTC(2026, 4, 1);
  await store.tenants.insertOrganization({ id: 'org_test', slug: 'test', name: 'Test', createdAtMs });
  for (const id of ['proj_test', 'proj_other']) {
    await store.tenants.insertProject('org_test', { id, slug: id, name: id, capture: 'full', createdAtMs });
  }
}

type Sending = SendOptions & { method: string; path: string };

async function send(
  serverUrl: string,
  { url = serverUrl, method, path, body, key = 'live', headers = {} }: Sending,
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${testKeys[key]}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text().catch(() => '');
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

/** Nothing of a text that is no JSON. */
function parse(text: string): Shown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse('{}');
  }
}
