import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { anthropicFrames, anthropicMessage } from './anthropic-upstream.ts';
import type { Script, UpstreamRequest } from './fake-upstream.ts';
import { piecesOf, type Saying } from './openai-upstream.ts';
import { answersJson } from './upstream-scripts.ts';

type Fields = { [field: string]: unknown };

/** Whose signature is accepted. */
export type AwsKeys = { region: string; accessKeyId: string; secretAccessKey: string; sessionToken?: string };

const USAGE = {
  inputTokens: 16,
  outputTokens: 7,
  totalTokens: 28,
  cacheReadInputTokens: 5,
  cacheWriteInputTokens: 0,
};

type BedrockOptions = {
  keys?: AwsKeys;
  /** An exception that ends a stream in the middle, instead of its end. */
  exception?: { type: string; message: string };
};

/**
 * Plays Amazon Bedrock: Converse and InvokeModel, whole and streamed, as the path asks. With `keys` a request whose
 * signature is not right is refused. Sources: the Bedrock API reference; AWS, "Event stream encoding" and "Create a
 * signed AWS API request".
 */
export function playsBedrock(saying: Saying, { keys, exception }: BedrockOptions = {}): Script {
  return (response, request) => {
    const refusal = keys === undefined ? undefined : signatureFault(request, keys);
    if (refusal !== undefined) {
      const type = { 'x-amzn-errortype': 'InvalidSignatureException:http://internal.amazon.com/coral/' };
      return answersJson({ message: refusal }, 403, type)(response, request);
    }
    const operation = request.path.split('/').at(-1) ?? '';
    switch (operation) {
      case 'converse':
        return answersJson(converseReply(saying))(response, request);
      case 'invoke':
        return answersJson(anthropicMessage(saying))(response, request);
      default: {
        const messages = operation === 'converse-stream' ? converseMessages(saying) : wrapped(saying);
        const sent = exception === undefined ? messages : [...messages.slice(0, 4), thrown(exception)];
        response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
        // In pieces that have nothing to do with messages.
        const bytes = Buffer.concat(sent);
        for (let at = 0; at < bytes.length; at += 100) response.write(bytes.subarray(at, at + 100));
        response.end();
      }
    }
  };
}

function converseReply({ text, tool }: Saying): Fields {
  const content: Fields[] = [];
  if (text !== undefined) content.push({ text });
  if (tool) content.push({ toolUse: { toolUseId: tool.id, name: tool.name, input: tool.input } });
  return {
    output: { message: { role: 'assistant', content } },
    stopReason: tool ? 'tool_use' : 'end_turn',
    usage: USAGE,
    metrics: { latencyMs: 12 },
  };
}

function converseMessages({ text, tool }: Saying): Buffer[] {
  const messages = [event('messageStart', { role: 'assistant' })];
  const grow = (contentBlockIndex: number, delta: Fields) =>
    messages.push(event('contentBlockDelta', { contentBlockIndex, delta, p: 'abcdef' }));
  if (text !== undefined) {
    for (const piece of piecesOf(text)) grow(0, { text: piece });
    messages.push(event('contentBlockStop', { contentBlockIndex: 0 }));
  }
  if (tool) {
    const start = { toolUse: { toolUseId: tool.id, name: tool.name } };
    messages.push(event('contentBlockStart', { contentBlockIndex: 1, start }));
    for (const input of piecesOf(JSON.stringify(tool.input))) grow(1, { toolUse: { input } });
    messages.push(event('contentBlockStop', { contentBlockIndex: 1 }));
  }
  messages.push(event('messageStop', { stopReason: tool ? 'tool_use' : 'end_turn' }));
  messages.push(event('metadata', { usage: USAGE, metrics: { latencyMs: 12 } }));
  return messages;
}

function wrapped(saying: Saying): Buffer[] {
  return anthropicFrames(saying).map((frame) =>
    event('chunk', { bytes: Buffer.from(JSON.stringify(frame)).toString('base64'), p: 'abc' }),
  );
}

function event(type: string, payload: Fields): Buffer {
  const headers = { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' };
  return message(headers, payload);
}

function thrown({ type, message: text }: { type: string; message: string }): Buffer {
  return message({ ':exception-type': type, ':message-type': 'exception' }, { message: text });
}

function message(headers: { [name: string]: string }, payload: Fields): Buffer {
  const head = Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => [
      Buffer.from([name.length]),
      Buffer.from(name),
      Buffer.from([7, value.length >> 8, value.length & 255]),
      Buffer.from(value),
    ]),
  );
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = numbers(16 + head.length + body.length, head.length);
  const bare = Buffer.concat([prelude, numbers(crc32(prelude)), head, body]);
  return Buffer.concat([bare, numbers(crc32(bare))]);
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [place, value] of values.entries()) bytes.writeUInt32BE(value, place * 4);
  return bytes;
}

/** What is wrong with a request's signature, by computing it again; undefined when nothing is. */
function signatureFault(request: UpstreamRequest, keys: AwsKeys): string | undefined {
  const { headers } = request;
  const date = String(headers['x-amz-date']);
  const scope = `${date.slice(0, 8)}/${keys.region}/bedrock/aws4_request`;
  const [, credential, names = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  if (credential !== `${keys.accessKeyId}/${scope}`) return 'The security token is invalid.';
  if (headers['x-amz-security-token'] !== keys.sessionToken) return 'The session token is invalid.';
  if (!names.includes('host') || !names.includes('x-amz-date')) return 'Too little is signed.';
  const path = request.path.split('/').map(encodeURIComponent).join('/');
  const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [request.method, path, '', signed.join(''), names, hash(request.body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', date, scope, hash(canonical)].join('\n');
  const key = scope
    .split('/')
    .reduce<Buffer | string>((sum, step) => hmac(sum, step), `AWS4${keys.secretAccessKey}`);
  if (hmac(key, text).toString('hex') === signature) return undefined;
  return `The signature does not match. Credential: ${credential}, token: ${keys.sessionToken ?? ''}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
