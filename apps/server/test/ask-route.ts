import { request } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Tenant } from './open-key-ring.ts';

/** A question to one address, by the address as the server's routes name it. */
export type Question = {
  key: string | undefined;
  tenant: Tenant;
  query?: string;
  /** Of what is asked for; one that nothing has when absent. */
  id?: string;
};

export type Answer = {
  status: number;
  /** The code of an error, or what Google calls it. */
  code: string;
  /** All of it, without what is each request's own. */
  whole: string;
};

/** Asks an address for something that is not there, with a body that it can make something of. */
export async function askRoute(
  app: FastifyInstance,
  route: string,
  { key, tenant, query = '', id = NOTHING }: Question,
): Promise<Answer> {
  const [method = '', path = ''] = route.split(' ');
  const url = urlOf(method, path, tenant).replace(':id', id) + query;
  const headers = {
    host: '127.0.0.1:4000',
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  if (path === '/v1/realtime') return upgrade(app, url, headers);
  const payload = bodyOf(method, path);
  const reply = await app.inject({
    method: method as 'GET',
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
  return answerOf(reply.statusCode, reply.headers, reply.body.replaceAll(id, 'that'));
}

const NOTHING = `none_${'0'.repeat(26)}`;

function urlOf(method: string, path: string, { project, organization }: Tenant): string {
  const isGemini = method === 'POST' && path.endsWith('/models/x');
  return (
    path
      .replace(/\/x$/, isGemini ? '/gpt-4o:generateContent' : '/x')
      .replace(':project', project)
      .replace(':organization', organization)
      .replace(':trace_id', '0'.repeat(32))
      .replace(':item', 'msg_1')
      .concat(path.endsWith('/key-usage') ? '?ids=key_1' : '')
      // Whoever may follow is told what is wrong with this; what is right would never end.
      .concat(path.endsWith('/traces/live') ? '?of=nothing' : '')
      .concat(path === '/v1/realtime' ? '?model=gpt-4o' : '')
  );
}

/** A body that most addresses where calls come in can make something of. */
const CALL = {
  model: 'openai/gpt-4o',
  max_tokens: 9,
  messages: [{ role: 'user', content: 'hi' }],
  contents: [{ parts: [{ text: 'hi' }] }],
  ...{ input: 'hi', prompt: 'hi', query: 'hi', voice: 'alloy', documents: ['a'], requests: [] },
  ...{ items: [], metadata: {}, endpoint: '/v1/chat/completions' },
};

const LIMIT = { name: 'table', scope: { kind: 'user' }, measure: 'requests', period: 'day', max: 1 };

const BODIES: readonly (readonly [RegExp, object])[] = [
  [/^POST .*\/limits$/, LIMIT],
  [/^POST .*\/alerts$/, { name: 'table', metric: 'spend', threshold: 1 }],
  [/^POST .*\/budgets$/, { name: 'table', scope: { kind: 'user' }, amount_usd: '1' }],
  [/\/grants$/, { amount_usd: '1' }],
  [/^POST .*\/members$/, { email: 'table@example.com', role: 'member' }],
  [/^PATCH .*\/members\/:id$/, { role: 'member' }],
  [/^POST .*\/(projects|organizations)$/, { name: 'table' }],
  [/^POST .*\/keys$/, { name: 'table', permissions: ['keys:write'] }],
  [/\/repricings$/, { from: '2026-01-01T00:00:00Z' }],
  [/\/remappings$/, { from: '2026-01-01T00:00:00Z' }],
  [/^POST .*\/provider-credentials$/, { provider: 'openai', name: 'table', secret: 'sk-of-the-table' }],
  [/ \/api\/v1\/(projects|organizations|setup)|\/api\/auth\//, {}],
];

function bodyOf(method: string, path: string): object | undefined {
  if (method !== 'POST' && method !== 'PATCH') return undefined;
  return BODIES.find(([route]) => route.test(`${method} ${path}`))?.[1] ?? CALL;
}

type Headers = { [name: string]: string };

/** As a WebSocket client begins. */
function upgrade(app: FastifyInstance, path: string, headers: Headers): Promise<Answer> {
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.');
  const wanted = {
    ...{ connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  };
  return new Promise((resolve, reject) => {
    const to = { host: '127.0.0.1', port: address.port, path, agent: false };
    const asked = request({ ...to, headers: { ...headers, ...wanted } });
    asked.on('error', reject);
    asked.on('upgrade', (_, socket) => {
      socket.destroy();
      resolve({ status: 101, code: '', whole: '' });
    });
    asked.on('response', async (reply) => {
      const body = (await reply.toArray()).join('');
      resolve(answerOf(reply.statusCode ?? 0, reply.headers, body));
    });
    asked.end();
  });
}

function answerOf(status: number, headers: object, body: string): Answer {
  const id = String(Reflect.get(headers, 'x-request-id'));
  const code = /"code":\s*"(\w+)"|"reason":\s*"(\w+)"/.exec(body)?.slice(1).find(Boolean) ?? '';
  const whole = JSON.stringify({ status, headers: { ...headers, date: '' }, body }).replaceAll(id, 'id');
  return { status, code, whole };
}
