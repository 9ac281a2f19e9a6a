import { answersText, playsOpenAi, type Script } from '@app/testkit';
import { type SentCall, sendCall } from './send-call.ts';

const plays = playsOpenAi({ text: 'A harmless reply.' });

/** Answers as the model's name asks; whatever fails quotes the key and the prompt back, as real providers do. */
export const echoesSecrets: Script = (response, request) => {
  const quoted = `Incorrect API key provided: ${request.headers.authorization}. You sent ${request.body}`;
  const model = String(request.json?.model);
  const status = Number(/\d+$/.exec(model)?.[0] ?? 200);
  if (model.startsWith('json'))
    return answersText(
      JSON.stringify({ error: { message: quoted } }),
      status,
      'application/json',
    )(response, request);
  if (model.startsWith('html'))
    return answersText(`<h1>${quoted}</h1>`, status, 'text/html')(response, request);
  if (model.startsWith('stream')) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const delta = { choices: [{ index: 0, delta: { role: 'assistant', content: quoted } }] };
    response.write(`data: ${JSON.stringify(delta)}\n\n`);
    if (model.startsWith('stream-cut')) response.destroy();
    else response.end(`data: ${JSON.stringify({ error: { message: quoted } })}\n\n`);
    return;
  }
  return plays(response, request);
};

export const canaryModels = [
  ...['plain', 'json-400', 'json-401', 'json-429', 'json-500'],
  ...['html-200', 'html-502', 'stream-cut', 'stream-error'],
];

type Calling = { url: string; live: string; sandbox: string; prompt: string };

/** Calls of every kind and outcome, each with this prompt. Resolves to what their client got. */
export async function makeCanaryCalls({ url, live, sandbox, prompt }: Calling): Promise<SentCall[]> {
  const chat = '/v1/chat/completions';
  const messages = [{ role: 'user', content: prompt }];
  const send = (path: string, key: string, body: object | string) => sendCall({ url, path, key, body });
  const calls = canaryModels.flatMap((model) => [
    send(chat, live, { model, messages, user: prompt.slice(0, 200) }),
    send(chat, live, { model, messages, stream: true }),
    send('/v1/messages', live, { model, messages, max_tokens: 9, system: prompt }),
    send('/v1/messages', live, { model, messages, max_tokens: 9, stream: true }),
  ]);
  return Promise.all([
    ...calls,
    ...['plain', 'json-401', 'stream-cut'].flatMap((model) => [
      send('/v1/responses', live, { model, input: prompt, metadata: { note: prompt.slice(0, 500) } }),
      send('/v1/responses', live, { model, input: prompt, stream: true, background: true }),
    ]),
    send('/v1/conversations', live, {
      items: [{ role: 'user', content: prompt }],
      metadata: { note: prompt.slice(0, 500) },
    }),
    send('/v1/embeddings', live, { model: 'json-500', input: prompt }),
    send('/v1/responses/input_tokens', live, { model: 'json-401', input: prompt }),
    send('/v1/responses', sandbox, { model: 'sandbox/pace-0', input: prompt }),
    send('/route', live, { prompt, model_preferences: ['plain'] }),
    send(chat, sandbox, { model: 'sandbox/pace-0', messages }),
    send(chat, sandbox, { model: 'sandbox/pace-0', messages, stream: true }),
    send(chat, sandbox, { model: 'sandbox/cut-stream', messages, stream: true }),
    send(chat, live, `{"model":"plain","messages":[{"role":"user","content":"${prompt}`),
    send(chat, live, { model: 7, messages }),
    send(chat, live, { model: 'nobody-has-this', messages }),
    send(chat, live, { model: 'plain', messages, stream: prompt }),
    send(`/v1/nowhere?key=${live}&prompt=${encodeURIComponent(prompt)}`, live, { messages }),
    send(chat, `${live}x`, { model: 'plain', messages }),
    sendCall({
      url,
      path: chat,
      key: '',
      body: { model: 'plain', messages },
      headers: { 'x-api-key': live },
    }),
  ]);
}
