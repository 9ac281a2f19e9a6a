import { playsOpenAi, type Script, type UpstreamRequest } from '@app/testkit';

type Json = { [field: string]: unknown };
type Answer = [status: number, body: Json | string];

export type FakeAccount = {
  files: Map<string, { object: Json; bytes: string }>;
  batches: Map<string, Json>;
  script: Script;
};

const CREATED_AT = 1_750_000_000;
const GONE: Answer = [404, { error: { message: 'No such object', type: 'invalid_request_error' } }];

/**
 * Plays OpenAI's account with everybody's files and batches in it, and a chat that answers "Read.".
 * Source: OpenAI's API reference, "Files" and "Batch".
 */
export function openFakeAccount(): FakeAccount {
  const files: FakeAccount['files'] = new Map();
  const batches: FakeAccount['batches'] = new Map();
  let made = 0;

  const upload = (body: string): Answer => {
    made += 1;
    const purpose = /name="purpose"\r\n\r\n(\w+)/.exec(body)?.[1] ?? '';
    const bytes = /filename="[^"]*"\r\n(?:.+\r\n)*\r\n([\s\S]*?)\r\n--/.exec(body)?.[1] ?? '';
    const about = { filename: 'secret-name.jsonl', bytes: bytes.length, created_at: CREATED_AT + made };
    const object = { id: `file-${made}`, object: 'file', purpose, ...about };
    files.set(object.id, { object, bytes });
    return [200, object];
  };
  const onFile = (method: string, id: string, action: string): Answer => {
    const file = files.get(id);
    if (file === undefined) return GONE;
    if (action === 'content') return [200, file.bytes];
    if (method === 'GET') return [200, file.object];
    files.delete(id);
    return [200, { id, object: 'file', deleted: true }];
  };
  const createBatch = (json: Json | undefined): Answer => {
    made += 1;
    const state = { status: 'validating', created_at: CREATED_AT };
    const batch = { id: `batch_${made}`, object: 'batch', ...json, ...state };
    batches.set(batch.id, batch);
    return [200, batch];
  };
  const onBatch = (id: string, action: string): Answer => {
    const batch = batches.get(id);
    if (batch === undefined) return GONE;
    if (action === 'cancel') batch.status = 'cancelling';
    return [200, batch];
  };
  const answer = ({ method, path, body, json }: UpstreamRequest): Answer => {
    const [, noun = '', id = '', action = ''] = path.split('/');
    if (noun === 'files') return id === '' ? upload(body) : onFile(method, id, action);
    if (noun === 'batches') return id === '' ? createBatch(json) : onBatch(id, action);
    return GONE;
  };
  return {
    files,
    batches,
    script: (response, request) => {
      if (request.path === '/chat/completions') return playsOpenAi({ text: 'Read.' })(response, request);
      const [status, body] = answer(request);
      const isText = typeof body === 'string';
      response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json' });
      response.end(isText ? body : JSON.stringify(body));
    },
  };
}
