import { field, type OlderOptions, sendOlder } from './older-http.ts';

/** An event as this client gives it: the payload, with the event's name as `type` where the payload has none. */
export type Event1011 = { type?: unknown; [name: string]: unknown };

/** `tokenrouter` 1.0.9 to 1.0.11 for Node, and Python 1.0.12 to 1.0.15: the Responses API. */
export function createClient1011(options: OlderOptions) {
  const json = async (method: string, path: string, body?: object): Promise<unknown> =>
    (await sendOlder(options, body === undefined ? { method, path } : { method, path, body })).json();
  const at = (id: string) => `/v1/responses/${encodeURIComponent(id)}`;
  return {
    create: async (body: object) => withText(await json('POST', '/v1/responses', body)),
    stream: async (body: object) =>
      readEvents(
        await sendOlder(options, {
          method: 'POST',
          path: '/v1/responses',
          body: { ...body, stream: true },
          isStream: true,
        }),
      ),
    get: async (id: string) => withText(await json('GET', at(id))),
    getStream: async (id: string) =>
      readEvents(await sendOlder(options, { method: 'GET', path: `${at(id)}?stream=true`, isStream: true })),
    delete: (id: string) => json('DELETE', at(id)),
    cancel: (id: string) => json('POST', `${at(id)}/cancel`),
    listInputItems: (id: string, query = '') => json('GET', `${at(id)}/input_items${query}`),
  };
}

/** The client adds `output_text`: the `output_text` parts of all messages, joined. */
function withText(response: unknown): { [name: string]: unknown } & { output_text: string } {
  const output = field(response, 'output');
  const texts: unknown[] = (Array.isArray(output) ? output : [])
    .filter((item) => field(item, 'type') === 'message')
    .flatMap((item) => field(item, 'content') ?? [])
    .filter((part) => field(part, 'type') === 'output_text')
    .map((part) => field(part, 'text'));
  return { ...Object(response), output_text: texts.join('') };
}

/** Reads events until `[DONE]` or one of type `done`. */
async function* readEvents(response: Response): AsyncGenerator<Event1011> {
  let name = '';
  for await (const line of linesOf(response)) {
    if (line === '') name = '';
    if (line.startsWith('event: ')) name = line.slice('event: '.length).trim();
    if (!line.startsWith('data: ')) continue;
    const data = line.slice('data: '.length).trim();
    if (data === '[DONE]') return;
    const event: Event1011 = { ...Object(JSON.parse(data)) };
    if (name !== '') event.type ??= name;
    yield event;
    if (event.type === 'done') return;
  }
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of response.body ?? []) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
