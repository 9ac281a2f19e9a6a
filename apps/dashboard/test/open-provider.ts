import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A trap for pages that do not escape. */
export const HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
/** The model that answers with all that a reply may hold, and the one that answers like any other. The others refuse. */
export const RICH_MODEL = 'openai/gpt-rich';
export const PLAIN_MODEL = 'gpt-plain';
/** Answers the same, and costs nothing. */
export const FREE_MODEL = `${PLAIN_MODEL}-free`;
/** A key that this provider takes; it refuses every other one, and calls without one are its own. */
export const GOOD_SECRET = 'sk-provider-takes-this-one-7f3a';
/** One red pixel. */
export const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

export type Provider = { url: string; close(): Promise<void> };

/** What stands behind the live keys: a provider that wishes the dashboard ill. */
export async function openProvider(): Promise<Provider> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const [status, answer] = answerTo(request, body);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answerTo({ method, headers }: IncomingMessage, body: string): [status: number, answer: object] {
  const key = headers.authorization?.replace('Bearer ', '');
  if (key === undefined ? method === 'GET' : key !== GOOD_SECRET) return [401, { error: UNKNOWN_KEY }];
  if (method === 'GET') return [200, { object: 'list', data: [] }];
  if (body.includes(RICH_MODEL)) return [200, RICH];
  if (body.includes(PLAIN_MODEL)) return [200, PLAIN];
  return [400, { error: REFUSAL }];
}

const UNKNOWN_KEY = { message: 'Who is that?', type: 'authentication_error', code: null, param: null };
const REFUSAL = { message: HOSTILE, type: 'invalid_request_error', code: 'invalid_value', param: 'messages' };

const cited = (url: string, title: string, place: [start: number, end: number]) => ({
  type: 'url_citation',
  url_citation: { url, title, start_index: place[0], end_index: place[1] },
});

const ANSWER = 'The tower is 330 metres high. It was finished in 1889.';

const RICH = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: RICH_MODEL,
  service_tier: 'flex',
  choices: [
    {
      index: 0,
      finish_reason: 'stop',
      message: {
        role: 'assistant',
        reasoning_content: 'Two facts are asked for; both can be looked up.',
        content: ANSWER,
        refusal: 'I will not say more than that.',
        annotations: [
          cited('https://example.com/tower', 'The tower, measured', [0, 29]),
          cited('javascript:alert(3)', HOSTILE, [30, 54]),
        ],
        images: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } }],
        audio: {
          id: 'audio_1',
          data: 'UklGRg==',
          transcript: 'Three hundred and thirty metres.',
          expires_at: 1,
        },
      },
      logprobs: {
        content: [
          {
            token: 'The',
            logprob: -0.01,
            bytes: null,
            top_logprobs: [{ token: 'A', logprob: -4, bytes: null }],
          },
        ],
        refusal: null,
      },
    },
  ],
  usage: {
    prompt_tokens: 1_200,
    completion_tokens: 340,
    total_tokens: 1_540,
    prompt_tokens_details: { cached_tokens: 1_024, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 120, audio_tokens: 40 },
  },
};

const PLAIN = {
  id: 'chatcmpl-2',
  object: 'chat.completion',
  created: 1,
  model: PLAIN_MODEL,
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Certainly.' } }],
  usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
};
