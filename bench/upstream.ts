/**
 * The provider that every subject of the benchmark stands before: OpenAI's chat completions with fixed answers.
 * It is a process of its own, so that its work is in nobody's figures. Prints its port.
 *
 * A model named `slow-stream` sends one chunk and then keeps the stream open until it is asked for `/release`.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const CHUNKS = 100;
const words = 'the quick brown fox jumps over the lazy dog and keeps running '.repeat(16).slice(0, 700);

const whole = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_760_000_000,
  model: 'gpt-4o-mini',
  choices: [
    { index: 0, message: { role: 'assistant', content: words }, finish_reason: 'stop', logprobs: null },
  ],
  usage: { prompt_tokens: 480, completion_tokens: 160, total_tokens: 640 },
});

const chunk = (delta: object, more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_760_000_000, model: 'gpt-4o-mini', choices: [{ index: 0, delta, finish_reason: null, ...more }] })}\n\n`;
const first = chunk({ role: 'assistant', content: '' });
const middle = chunk({ content: ' word' });
const usage = `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_760_000_000, model: 'gpt-4o-mini', choices: [], usage: { prompt_tokens: 480, completion_tokens: CHUNKS, total_tokens: 480 + CHUNKS } })}\n\n`;
const last = `${chunk({}, { finish_reason: 'stop' })}${usage}data: [DONE]\n\n`;

const held = new Set<ServerResponse>();

const server = createServer((request, response) => {
  if (request.url === '/release') {
    for (const open of held) open.end(last);
    held.clear();
    response.end();
    return;
  }
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => answer(body, response));
});

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', 4096, () =>
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`),
);

function answer(body: string, response: ServerResponse): void {
  if (!body.includes('"stream":true')) {
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(whole),
    });
    response.end(whole);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(first);
  if (body.includes('slow-stream')) {
    response.write(middle);
    held.add(response);
    response.on('close', () => held.delete(response));
    return;
  }
  stream(response, CHUNKS);
}

/** One chunk a turn of the event loop, so that they arrive one by one and not as a single write. */
function stream(response: ServerResponse, left: number): void {
  if (response.destroyed) return;
  if (left === 0) {
    response.end(last);
    return;
  }
  response.write(middle);
  setImmediate(stream, response, left - 1);
}
