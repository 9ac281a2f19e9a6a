import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { anthropicFrames, anthropicMessage } from './anthropic-upstream.ts';
import type { Script, UpstreamRequest } from './fake-upstream.ts';
import { piecesOf, type Saying, toolsOf } from './openai-upstream.ts';
import { answersJson, type StreamOptions, streamsBytes } from './upstream-scripts.ts';

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

type BedrockOptions = StreamOptions & {
  keys?: AwsKeys;
  /** An exception that ends a stream in the middle, instead of its end. */
  exception?: { type: string; message: string };
};

/**
 * Plays Amazon Bedrock: Converse and InvokeModel, whole and streamed, as the path asks. With `keys` a request whose
 * signature is not right is refused. Sources: the Bedrock API reference; AWS, "Event stream encoding" and "Create a
 * signed AWS API request".
 */
export function playsBedrock(saying: Saying, options: BedrockOptions = {}): Script {
  const { keys, exception, ending } = options;
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
        const bytes = Buffer.concat(ending === undefined ? sent : sent.slice(0, -2));
        // In pieces that have nothing to do with messages.
        const pieces = { pieceBytes: 100, ...options };
        return streamsBytes('application/vnd.amazon.eventstream', bytes, pieces)(response, request);
      }
    }
  };
}

function converseReply(saying: Saying): Fields {
  const { thought, signature, text } = saying;
  const content: Fields[] = [];
  if (thought !== undefined)
    content.push({ reasoningContent: { reasoningText: { text: thought, signature } } });
  if (text !== undefined) content.push({ text });
  for (const { id, name, input } of toolsOf(saying))
    content.push({ toolUse: { toolUseId: id, name, input } });
  return {
    output: { message: { role: 'assistant', content } },
    stopReason: stopOf(saying),
    usage: USAGE,
    metrics: { latencyMs: 12 },
  };
}

function converseMessages(saying: Saying): Buffer[] {
  const { thought, signature, text } = saying;
  const messages = [event('messageStart', { role: 'assistant' })];
  let contentBlockIndex = 0;
  /** Only calls of tools have a start. */
  const add = (deltas: Fields[], start?: Fields) => {
    if (start) messages.push(event('contentBlockStart', { contentBlockIndex, start }));
    for (const delta of deltas)
      messages.push(event('contentBlockDelta', { contentBlockIndex, delta, p: 'abcdef' }));
    messages.push(event('contentBlockStop', { contentBlockIndex }));
    contentBlockIndex += 1;
  };
  if (thought !== undefined) {
    const deltas: Fields[] = piecesOf(thought).map((piece) => ({ text: piece }));
    if (signature !== undefined) deltas.push({ signature });
    add(deltas.map((reasoningContent) => ({ reasoningContent })));
  }
  if (text !== undefined) add(piecesOf(text).map((piece) => ({ text: piece })));
  for (const { id, name, input } of toolsOf(saying)) {
    const pieces = piecesOf(JSON.stringify(input));
    add(
      pieces.map((piece) => ({ toolUse: { input: piece } })),
      { toolUse: { toolUseId: id, name } },
    );
  }
  messages.push(event('messageStop', { stopReason: stopOf(saying) }));
  messages.push(event('metadata', { usage: USAGE, metrics: { latencyMs: 12 } }));
  return messages;
}

function stopOf(saying: Saying): string {
  return toolsOf(saying).length > 0 ? 'tool_use' : 'end_turn';
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
