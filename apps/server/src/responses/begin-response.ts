import { type Asked, type Caller, type Outcome, type Principal, tagsOf } from '@app/gateway';
import { GatewayError, isObject, type Json, type JsonObject } from '@app/protocol';
import type { CallOwner } from '@app/store';
import { findSecret } from '../http/find-secret.ts';
import { toCallerError } from '../routes/api/to-caller-error.ts';
import type { Through, ThroughInput } from '../routes/inference/read-asked.ts';
import { type Background, followRun } from './create-background.ts';
import type { TurnStore } from './create-turn-store.ts';
import { draftResponse } from './draft-response.ts';
import { type Expanded, type ExpandInput, needsExpanding } from './expand-input.ts';
import type { KnownCalls } from './known-calls.ts';
import { nameItems } from './name-items.ts';
import { type NewId, responseId } from './new-id.ts';
import { type Refusal, statusOf } from './open-run.ts';
import { createOwnFields, type OwnFields } from './own-fields.ts';
import { fault, type StateFields, takeStateFields } from './read-state-fields.ts';
import { ENCRYPTED_THINKING } from './show-response.ts';
import type { InputItem, StoredTurn } from './stored-turn.ts';
import { appendOf } from './turn-items.ts';
import { watchReply } from './watch-reply.ts';

export type BeginDeps = {
  turns: Pick<TurnStore, 'put' | 'append'>;
  background: Pick<Background, 'start'>;
  known: Pick<KnownCalls, 'note'>;
  expand: (input: ExpandInput) => Promise<Outcome<Expanded>>;
  storeByDefault: boolean;
  /** Whether the key of this secret is still good. */
  isAdmitted: (secret: string | undefined) => boolean;
  newId: NewId;
};

/** What was read of one call before anything was looked up. */
type Begin = ThroughInput & {
  body: JsonObject;
  id: string;
  fields: StateFields;
  items: InputItem[];
  own: OwnFields;
  isOwnStream: boolean;
};

/**
 * The step of `POST /v1/responses` before the journey: what came before is looked up and becomes part of the input, and
 * what comes back is kept. A call that neither goes on from something nor keeps anything waits for nothing.
 */
export function createBeginResponse(deps: BeginDeps): Through {
  return (input, start) => {
    const { asked, caller } = input;
    const refuse = (error: GatewayError) => start({ ...asked, body: { ok: false, error } }, caller);
    let begin: Begin | undefined;
    try {
      begin = readBegin(deps, input);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      refuse(error);
      return;
    }
    if (begin === undefined) {
      start(asked, caller);
      return;
    }
    const { fields, items, take } = begin;
    if (!needsExpanding({ fields, items })) {
      run(deps, begin, start);
      return;
    }
    const ready: Begin = begin;
    void deps
      .expand({ owner: ownerOf(asked.principal), fields, items, take })
      .catch((error: unknown): Outcome<Expanded> => refusal(error))
      .then((expanded) =>
        input.guarded(() => {
          if (input.hasLeft()) return;
          if (expanded.ok) run(deps, withInput(ready, expanded.value), start);
          else refuse(expanded.error);
        }),
      );
  };
}

function refusal(thrown: unknown): { ok: false; error: GatewayError } {
  const error = toCallerError(thrown);
  if (error instanceof GatewayError) return { ok: false, error };
  const message = 'What came before this call could not be read.';
  return { ok: false, error: new GatewayError('internal_error', message, { cause: thrown }) };
}

/** Undefined for a body that could not be read. Throws `GatewayError` naming the field at fault. */
function readBegin(deps: BeginDeps, input: ThroughInput): Begin | undefined {
  const { asked, headers } = input;
  if (!asked.body.ok) return undefined;
  const body = asked.body.value;
  const fields = takeStateFields(body, deps.storeByDefault);
  if (fields.store || fields.conversationId !== undefined) askForSeals(body, fields);
  const isOwnStream = takeStreamFormat(body) || headers['x-tokenrouter-stream'] === 'native';
  if (fields.isBackground && isOwnStream) {
    throw fault('stream_options.format', 'is not possible for a background response');
  }
  const id = responseId(asked.requestId);
  const own = createOwnFields({ id, requestId: asked.requestId, fields });
  const items = nameItems(body.input, deps.newId) ?? [];
  return { ...input, body, id, fields, items, own: withTools(own, body.tools), isOwnStream };
}

/**
 * A model that thinks goes on from its own thinking only when that comes back to it, and some providers hand it out on
 * request alone. Models that do not think may refuse to be asked, so only a call that is about thinking asks.
 */
function askForSeals(body: JsonObject, { include }: StateFields): void {
  const { reasoning } = body;
  if (!isObject(reasoning) || reasoning.effort === 'none' || include.includes(ENCRYPTED_THINKING)) return;
  body.include = [...include, ENCRYPTED_THINKING];
}

/** `stream_options.format: "tokenrouter"` asks for our own events; no provider knows it. */
function takeStreamFormat(body: JsonObject): boolean {
  const { stream_options: options } = body;
  if (!isObject(options) || options.format === undefined) return false;
  const { format, ...rest } = options;
  if (format !== 'tokenrouter' && format !== 'openai') {
    throw fault('stream_options.format', 'must be "tokenrouter" or "openai"');
  }
  if (Object.keys(rest).length > 0) body.stream_options = rest;
  else delete body.stream_options;
  return format === 'tokenrouter';
}

/** Tools are answered in the form in which they were sent, also in the older one. */
function withTools(own: OwnFields, tools: Json | undefined): OwnFields {
  const isNested = Array.isArray(tools) && tools.some((tool) => isObject(tool) && isObject(tool.function));
  return isNested ? (routed, settled) => ({ ...own(routed, settled), tools }) : own;
}

function withInput(begin: Begin, { input, own, containers }: Expanded): Begin {
  const body = { ...begin.body, input };
  const asked: Asked = {
    ...begin.asked,
    body: { ok: true, value: body },
    bodyText: JSON.stringify(body),
    ownContainers: containers,
  };
  return { ...begin, asked, body, items: own };
}

function run(deps: BeginDeps, begin: Begin, start: (asked: Asked, caller: Caller) => void): void {
  const { caller, fields, own, id } = begin;
  const session = sessionOf(begin);
  const asked: Asked = {
    ...begin.asked,
    replyId: id,
    ...(session === undefined ? {} : { sessionId: session }),
  };
  if (fields.isBackground) {
    runInBackground(deps, begin, asked);
    return;
  }
  const keep = fields.store || fields.conversationId !== undefined ? { onReply: keeps(deps, begin) } : {};
  if (!fields.store) deps.known.note(ownerOf(asked.principal), id);
  const isOwnStream = begin.isOwnStream && fields.stream;
  const watched = watchReply({ asked, caller, own, isOwnStream, ...keep });
  start(watched.asked, watched.caller);
}

/** A reply is kept as the caller saw it. A conversation that was named gets its turn whether or not the reply is kept. */
function keeps({ turns }: BeginDeps, begin: Begin): (response: JsonObject) => void {
  const owner = ownerOf(begin.asked.principal);
  return (response) => {
    const turn: StoredTurn = { ...turnOf(begin), response, status: statusOf(response) };
    const append = appendOf(turn);
    if (begin.fields.store) turns.put(owner, turn, append);
    else if (append !== undefined) turns.append(owner, append);
  };
}

function turnOf(begin: Begin): Omit<StoredTurn, 'response' | 'status' | 'events'> {
  const { id, fields, items, asked } = begin;
  return {
    id,
    createdAtMs: asked.receivedAt.epochMs,
    previousId: fields.previousId,
    conversationId: fields.conversationId,
    input: items,
    include: fields.include,
    isBackground: fields.isBackground,
    by: callOwnerOf(asked, sessionOf(begin)),
  };
}

function callOwnerOf(
  { requestId, body, userId, tags, principal }: Asked,
  sessionId: string | undefined,
): CallOwner {
  const user = body.ok ? body.value.user : undefined;
  return {
    requestId,
    userId: userId ?? (typeof user === 'string' ? user : undefined),
    sessionId,
    tags: tagsOf(principal, tags),
  };
}

/** Calls of one conversation belong together, unless the caller says what does. */
function sessionOf({ asked, body, fields }: Begin): string | undefined {
  const { metadata } = body;
  const named = isObject(metadata) ? metadata.session_id : undefined;
  return asked.sessionId ?? (typeof named === 'string' ? named : fields.conversationId);
}

function runInBackground({ background, isAdmitted }: BeginDeps, begin: Begin, asked: Asked): void {
  const { caller, fields, own, body } = begin;
  const secret = findSecret(begin.headers);
  const started = background.start({
    owner: ownerOf(asked.principal),
    asked,
    own,
    draft: draftResponse(body, Math.floor(asked.receivedAt.epochMs / 1_000)),
    bytes: asked.bodyText.length,
    isStream: fields.stream,
    isAdmitted: () => isAdmitted(secret),
    turn: turnOf(begin),
  });
  if (!started.ok) {
    if ('refusal' in started) answerJson(caller, started.refusal);
    else begin.answer(started.error);
    return;
  }
  const kept = started.value.run;
  const headers = { 'x-tokenrouter-request-id': asked.requestId };
  if (fields.stream) {
    begin.onLeave(followRun(kept, caller, { after: -1, headers }));
    return;
  }
  answerJson(caller, {
    status: 200,
    headers,
    body: JSON.stringify({ ...kept.response(), status: 'queued' }),
  });
}

function answerJson(caller: Caller, { status, headers, body }: Refusal): void {
  caller.head(status, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
  });
  caller.write(body);
  caller.end();
}

function ownerOf({ projectId, mode, keyId }: Principal) {
  return { projectId, mode, keyId };
}
