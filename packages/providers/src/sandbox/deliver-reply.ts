import { type Call, type CallerDialectId, type Dialect, type Event, writeFrame } from '@app/protocol';
import type { Outcome, Pace } from './find-outcome.ts';
import type { Ids } from './make-ids.ts';
import type { MeasuredReply } from './measure-reply.ts';
import type { Refusal } from './refuse.ts';
import { streamEvents } from './stream-events.ts';

/** What comes back, and when: each delay counts from what came before. Without a head no answer comes at all. */
export type Answer = {
  head?: { afterMs: number; status: number; headers: { [name: string]: string } };
  chunks: { afterMs: number; bytes: Uint8Array }[];
  /** How the connection fails, when it does; else the answer ends well. */
  failure?: { afterMs: number; code: FailureCode; message: string };
};

export type FailureCode = 'provider_failed' | 'provider_timeout' | 'sandbox_unsupported';

export type Delivery = {
  dialect: Dialect;
  call: Call;
  measured: MeasuredReply;
  ids: Ids;
  pace: Pace;
  outcome: Outcome;
  createdS: number;
};

/** A connection that fails without having answered. */
export function failing(afterMs: number, failure: { code: FailureCode; message: string }): Answer {
  return { chunks: [], failure: { afterMs, ...failure } };
}

/** An error as one JSON body. */
export function refusing({ status, headers, body }: Refusal, pace: Pace): Answer {
  return {
    head: { afterMs: pace.firstByteMs, status, headers: { ...headers, 'content-type': 'application/json' } },
    chunks: [{ afterMs: 0, bytes: bytesOf(JSON.stringify(body)) }],
  };
}

/** The reply as one JSON body, which takes as long as its stream would. */
export function whole({ dialect, call, measured, ids, pace, outcome, createdS }: Delivery): Answer {
  const bytes = bytesOf(JSON.stringify(dialect.inbound.writeReply(measured.reply, { createdS, call })));
  const afterMs = pace.firstByteMs + pace.pieceMs * measured.pieces.flat().length;
  const head = { afterMs, status: 200, headers: headersOf(dialect, ids, 'application/json') };
  if (outcome === 'echo' || outcome === 'slow' || outcome === 'content-filter') {
    return { head, chunks: slices(bytes) };
  }
  const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
  return outcome === 'malformed'
    ? { head, chunks: slices(half) }
    : { head, chunks: slices(half), failure: CUT };
}

/** The reply as server-sent events, one chunk each. */
export function streamed(delivery: Delivery): Answer {
  const { dialect, ids, pace, outcome } = delivery;
  const chunks = writeChunks(delivery);
  const head = {
    afterMs: pace.firstByteMs,
    status: 200,
    headers: { ...headersOf(dialect, ids, 'text/event-stream; charset=utf-8'), 'cache-control': 'no-cache' },
  };
  if (outcome === 'cut-stream') {
    return { head, chunks: chunks.slice(0, Math.ceil(chunks.length / 2)), failure: CUT };
  }
  if (outcome === 'malformed') {
    const broken = bytesOf(BROKEN[dialect.id]);
    const kept = chunks.slice(0, Math.ceil(chunks.length / 2));
    return { head, chunks: [...kept, { afterMs: pace.pieceMs, bytes: broken }] };
  }
  return { head, chunks };
}

const CUT = {
  afterMs: 0,
  code: 'provider_failed',
  message: 'The provider sandbox closed the connection before its answer was complete.',
} as const;

/** An event that starts well and is no JSON. */
const BROKEN: { [id in CallerDialectId]: string } = {
  'openai-chat': 'data: {"id":"chatcmpl-broken","choices":[{"index":0,"delta":{"content":\n\n',
  'openai-responses':
    'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":\n\n',
  'openai-completions': 'data: {"id":"cmpl-broken","object":"text_completion","choices":[{"text":\n\n',
  'anthropic-messages':
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":\n\n',
  gemini: 'data: {"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":\n\n',
};

const SLICE_BYTES = 4_096;

function writeChunks({ dialect, call, measured, pace, createdS }: Delivery): Answer['chunks'] {
  const writer = dialect.inbound.openWriter(call, { createdS, call });
  const chunks: Answer['chunks'] = [];
  for (const event of streamEvents(measured)) {
    for (const frame of writer.write(event)) {
      chunks.push({ afterMs: delayOf(event, pace), bytes: bytesOf(writeFrame(frame)) });
    }
    if (dialect.id === 'anthropic-messages' && event.type === 'part-start' && event.index === 0) {
      chunks.push({ afterMs: 0, bytes: bytesOf(PING) });
    }
  }
  for (const frame of writer.end()) chunks.push({ afterMs: 0, bytes: bytesOf(writeFrame(frame)) });
  return chunks;
}

/** Anthropic's streams carry pings; https://docs.anthropic.com/en/docs/build-with-claude/streaming. */
const PING = 'event: ping\ndata: {"type": "ping"}\n\n';

function delayOf(event: Event, pace: Pace): number {
  return event.type === 'part-delta' ? pace.pieceMs : 0;
}

function headersOf(dialect: Dialect, ids: Ids, contentType: string): { [name: string]: string } {
  const name = REQUEST_ID[dialect.id];
  return { 'content-type': contentType, ...(name === undefined ? {} : { [name]: ids.request }) };
}

/** Google's replies do not name their request. */
const REQUEST_ID: { [id in CallerDialectId]?: string } = {
  'openai-chat': 'x-request-id',
  'openai-responses': 'x-request-id',
  'openai-completions': 'x-request-id',
  'anthropic-messages': 'request-id',
};

function slices(bytes: Uint8Array): Answer['chunks'] {
  const chunks: Answer['chunks'] = [];
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    chunks.push({ afterMs: 0, bytes: bytes.subarray(at, at + SLICE_BYTES) });
  }
  return chunks;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
