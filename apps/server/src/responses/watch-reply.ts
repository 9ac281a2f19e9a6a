import type { Asked, Caller, Decoration, Settled } from '@app/gateway';
import {
  type Call,
  collect,
  type Dialect,
  type Event,
  type Frame,
  isObject,
  type JsonObject,
  openOwnWriter,
  ownClosing,
  parseJson,
  type ReplyFacts,
  type StreamWriter,
} from '@app/protocol';
import type { OwnFields, Routed } from './own-fields.ts';

export type WatchInput = {
  asked: Asked;
  caller: Caller;
  own: OwnFields;
  /** Gets the reply once it is complete, as the caller saw it. Absent when nobody keeps it. */
  onReply?: (response: JsonObject) => void;
  /** The stream shall consist of TokenRouter's own events. */
  isOwnStream?: boolean;
};

type Watch = Required<Pick<WatchInput, 'own'>> & {
  readonly onReply: ((response: JsonObject) => void) | undefined;
  routed: Routed;
  status: number;
  isStream: boolean;
  body: (string | Uint8Array)[];
  /** The reply as the stream's events have it so far. */
  response: JsonObject | undefined;
  hasEnded: boolean;
};

/**
 * Stands between the journey and the caller: puts what we know of a reply into it, and sees the reply when it is over.
 * A caller that leaves in the middle leaves nothing to keep.
 */
export function watchReply(input: WatchInput): { asked: Asked; caller: Caller } {
  const { asked, own, onReply } = input;
  const watch: Watch = {
    own,
    onReply,
    routed: { provider: undefined, model: undefined, mode: undefined },
    status: 0,
    isStream: false,
    body: [],
    response: undefined,
    hasEnded: false,
  };
  const decoration: Decoration = {
    // A whole reply is written before its head, which tells the same.
    wholeFields: (settled) => own(routedBy(settled, asked), settled),
    rewriteFrame: (frame, settled) => rewrite(watch, frame, settled),
  };
  const watched = { ...asked, decoration };
  if (input.isOwnStream !== true) return { asked: watched, caller: watchCaller(watch, input.caller) };
  const dialect = withOwnStream(watch, asked.dialect);
  return { asked: { ...watched, dialect, isRewritten: true }, caller: watchCaller(watch, input.caller) };
}

function watchCaller(watch: Watch, caller: Caller): Caller {
  return {
    head: (status, headers) => {
      watch.status = status;
      watch.isStream = headers['content-type']?.startsWith('text/event-stream') === true;
      watch.routed = routedOf(headers);
      caller.head(status, headers);
    },
    write: (bytes) => {
      if (!watch.isStream && watch.onReply !== undefined) watch.body.push(bytes);
      return caller.write(bytes);
    },
    onDrain: caller.onDrain,
    end: () => {
      // The caller comes first: what is kept is kept behind the reply, but before anything else can be asked.
      caller.end();
      finish(watch);
    },
    abort: () => {
      caller.abort();
      fail(watch);
    },
  };
}

/** Header values that were cut or escaped for the header are good enough for a label. */
function routedOf(headers: { [name: string]: string }): Routed {
  return {
    provider: headers['x-tokenrouter-provider'],
    model: headers['x-tokenrouter-model'],
    mode: headers['x-tokenrouter-mode'],
  };
}

function routedBy({ record, mode }: Settled, asked: Asked): Routed {
  return { provider: record.provider, model: record.model, mode: asked.mode ?? mode };
}

function rewrite(watch: Watch, frame: Frame, settled: Settled | undefined): Frame {
  if (!holdsResponse(frame)) return frame;
  const data = parseJson(frame.data);
  if (!isObject(data) || !isObject(data.response)) return frame;
  const response = { ...data.response, ...watch.own(watch.routed, settled) };
  watch.response = response;
  if (isFinal(data.type)) watch.hasEnded = true;
  const text = JSON.stringify({ ...data, response });
  return frame.event === undefined ? { data: text } : { event: frame.event, data: text };
}

/** Only the first and the last few events of a stream carry the response, and only they are parsed. */
function holdsResponse({ event, data }: Frame): boolean {
  // A quote inside a text is escaped, so this is a field's name.
  return event === undefined ? data.includes('"response":') : WITH_RESPONSE.has(event);
}

const WITH_RESPONSE: ReadonlySet<string> = new Set([
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.completed',
  'response.incomplete',
  'response.failed',
]);

/** True for an event after which a stream has nothing more to say. */
export function isFinal(type: unknown): boolean {
  return type === 'response.completed' || type === 'response.incomplete' || type === 'response.failed';
}

function finish(watch: Watch): void {
  const { onReply, response } = watch;
  if (onReply === undefined || watch.status !== 200) return;
  if (watch.isStream) {
    if (response !== undefined && watch.hasEnded) onReply(response);
    return;
  }
  const text = Buffer.concat(watch.body.map((piece) => Buffer.from(piece))).toString('utf8');
  watch.body = [];
  const body = parseJson(text);
  if (isObject(body)) onReply(body);
}

/** A stream that broke off after its first part is kept as one that failed. */
function fail(watch: Watch): void {
  const { onReply, response } = watch;
  if (onReply === undefined || response === undefined) return;
  onReply(watch.hasEnded ? response : { ...response, status: 'failed', error: BROKEN_OFF });
}

const BROKEN_OFF = { code: 'server_error', message: 'The provider failed in the middle of its reply.' };

/** The dialect with TokenRouter's own events on its streams; what they add up to is still seen. */
function withOwnStream(watch: Watch, dialect: Dialect): Dialect {
  const openWriter = (call: Call, facts: ReplyFacts = {}): StreamWriter => {
    const writer = openOwnWriter(call, facts);
    const events: Event[] = [];
    return {
      write: (event) => {
        if (watch.onReply !== undefined) events.push(event);
        if (event.type === 'error') events.length = 0;
        return writer.write(event);
      },
      end: () => {
        if (events.length > 0) {
          const written = dialect.inbound.writeReply(collect(events), { ...facts, call });
          watch.response = { ...written, ...watch.own(watch.routed) };
          watch.hasEnded = true;
        }
        return writer.end();
      },
    };
  };
  return { ...dialect, inbound: { ...dialect.inbound, openWriter, closing: ownClosing } };
}
