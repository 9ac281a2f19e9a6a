import type { IncomingHttpHeaders } from 'node:http';
import type { Asked, Caller, KeyModeAsked, Outcome } from '@app/gateway';
import { type Dialect, GatewayError, type JsonObject } from '@app/protocol';
import type { JsonBody } from '../../http/parse-json-body.ts';
import type { ReadBody } from './read-chat-body.ts';
import { readTags } from './read-tags.ts';
import { readUnsupported } from './read-unsupported.ts';
import { replyFields } from './reply-fields.ts';

/** One address where calls come in. */
export type CallRoute = {
  /** As documented, for the record. */
  name: string;
  dialect: Dialect;
  /** Takes out what is said to us and not to a model; may throw `GatewayError`. */
  read: (body: JsonObject) => ReadBody;
  /** Whether whole replies carry the routing metadata in their body, and under which id. */
  decorate?: (requestId: string) => { id: string | undefined };
  /** A step before the journey, which may look something up, or answer by itself. */
  through?: Through;
};

/** Decides with what the journey starts, and when; or that it does not. */
export type Through = (input: ThroughInput, start: (asked: Asked, caller: Caller) => void) => void;

export type ThroughInput = {
  asked: Asked;
  headers: IncomingHttpHeaders;
  caller: Caller;
  /** Takes more room for what this call holds in memory; false when there is none. */
  take: (bytes: number) => boolean;
  /** What is thrown inside ends this request and nothing else. */
  guarded: (run: () => void) => void;
  /** Answers with an error, without a journey. */
  answer: (error: GatewayError) => void;
  /** Whether the caller closed its connection. */
  hasLeft: () => boolean;
  /** Runs when the caller closes its connection before the reply is over. */
  onLeave: (run: () => void) => void;
};

/** What a request says, apart from who says it and when. */
export type Reading = Omit<Asked, 'requestId' | 'receivedAt' | 'principal'> & {
  /** Whose provider keys the body says may be used. */
  keyMode?: KeyModeAsked;
};

export type ReadingInput = { headers: IncomingHttpHeaders; json: Outcome<JsonBody>; requestId: string };

/** Reads a request's headers and body as its address understands them. A body at fault is a value. */
export function readAsked(route: CallRoute, { headers, json, requestId }: ReadingInput): Reading {
  const read = json.ok ? attempt(() => route.read(json.value.body)) : json;
  const asked: Reading = {
    dialect: route.dialect,
    route: route.name,
    body: read.ok ? { ok: true, value: read.value.body } : read,
    bodyText: json.ok ? json.value.text : '',
  };
  const { traceparent, 'x-tokenrouter-capture': capture, 'anthropic-beta': beta } = headers;
  const { 'x-tokenrouter-session': session } = headers;
  if (typeof session === 'string' && session !== '') asked.sessionId = session;
  if (typeof traceparent === 'string') asked.traceparent = traceparent;
  if (typeof capture === 'string') asked.capture = capture;
  if (route.dialect.id === 'anthropic-messages' && typeof beta === 'string' && BETA.test(beta)) {
    asked.dialectHeaders = { 'anthropic-beta': beta };
  }
  const unsupported = readUnsupported(headers);
  if (unsupported.ok) asked.unsupported = unsupported.value;
  else asked.body = unsupported;
  const tags = readTags(headers);
  if (!tags.ok) asked.body = tags;
  else if (tags.value.length > 0) asked.tags = tags.value;
  if (!read.ok) return asked;
  const { mode, modelPreferences, keyMode } = read.value;
  if (keyMode !== undefined) asked.keyMode = keyMode;
  if (modelPreferences.length > 0) asked.modelPreferences = modelPreferences;
  if (route.decorate) {
    const { id } = route.decorate(requestId);
    asked.decoration = replyFields({ mode, id, tellsLosses: asked.unsupported !== 'drop' });
  }
  if (mode !== undefined) asked.mode = mode;
  return asked;
}

/** Names of features, separated by commas; anything else stays here. */
export const BETA = /^[\w.,: -]{1,1000}$/;

function attempt<T>(read: () => T): Outcome<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (error instanceof GatewayError) return { ok: false, error };
    throw error;
  }
}
