import { type Call, type Dialect, dialects, GatewayError, type JsonObject, type Paths } from '@app/protocol';
import { answerEmbeddings, findEmbeddingAddress } from './answer-embeddings.ts';
import { type Answer, type Delivery, failing, refusing, streamed, whole } from './deliver-reply.ts';
import { type Draft, draftReply } from './draft-reply.ts';
import { findDirectives, type Outcome, type Pace } from './find-outcome.ts';
import { makeIds } from './make-ids.ts';
import { type CountTokens, measureReply } from './measure-reply.ts';
import { type RefusalKind, refuse, refuseRequest } from './refuse.ts';
import type { SandboxRequest } from './sandbox-ports.ts';

export type Answering = { now: () => number; countTokens: CountTokens; pace: Pace };

/** Answers one request the way a provider of its dialect would. Rejects only when the tokens cannot be counted. */
export async function answerCall(request: SandboxRequest, deps: Answering): Promise<Answer> {
  const { dialect: spoken } = request.provider;
  const embedding = findEmbeddingAddress(spoken, request.path);
  if (embedding !== undefined) return answerEmbeddings({ ...embedding, body: request.body }, deps);
  if (spoken === 'bedrock-converse') return failing(0, UNSUPPORTED);
  const dialect = dialects[spoken];
  const address = readPath(dialect.outbound.paths, request.path);
  if (address === undefined) return failing(0, UNSUPPORTED);
  const ids = makeIds(dialect.id, `${address.model ?? ''}${request.body}`);
  const call = readBody(dialect, request.body, address);
  if (call instanceof GatewayError) return refusing(refuseRequest(dialect.id, call, ids), deps.pace);
  const directives = findDirectives(call);
  const outcome = directives?.outcome ?? 'echo';
  const pace = { ...deps.pace, ...directives?.pace };
  const nowMs = deps.now();
  const kind = directives === undefined ? 'no-such-model' : REFUSALS[outcome];
  if (kind !== undefined) {
    return refusing(refuse(dialect.id, kind, { model: call.model ?? '', ids, nowMs }), pace);
  }
  if (outcome === 'timeout') return failing(SILENCE_MS_MAX, SILENT);
  const draft = outcome === 'content-filter' ? filtered(draftReply(call, ids)) : draftReply(call, ids);
  const measured = await measureReply({ call, draft, id: ids.reply, countTokens: deps.countTokens });
  const delivery: Delivery = {
    dialect,
    call,
    measured,
    ids,
    pace,
    outcome,
    createdS: Math.floor(nowMs / 1000),
  };
  return call.stream ? streamed(delivery) : whole(delivery);
}

const REFUSALS: { [outcome in Outcome]?: RefusalKind } = {
  '429': '429',
  '500': '500',
  'context-length': 'context-length',
};

/** Longer than any deadline; then the connection is given up, so that nothing is kept for ever. */
const SILENCE_MS_MAX = 15 * 60_000;

const SILENT = {
  code: 'provider_timeout',
  message: 'The provider sandbox did not start its answer in time.',
} as const;

const UNSUPPORTED = {
  code: 'sandbox_unsupported',
  message: 'The sandbox does not answer this kind of request.',
} as const;

/** What the path alone tells; the body tells the rest. */
type Address = { model?: string; stream?: boolean };

/** Undefined for a path that is not one of these. */
function readPath({ whole, stream }: Paths, path: string): Address | undefined {
  const [asWhole, asStream] = [modelIn(whole, path), modelIn(stream, path)];
  if (whole === stream) return asWhole;
  if (asStream !== undefined) return { ...asStream, stream: true };
  return asWhole === undefined ? undefined : { ...asWhole, stream: false };
}

function modelIn(template: string, path: string): Address | undefined {
  const [before = '', after] = template.split('{model}');
  if (after === undefined) return path === template ? {} : undefined;
  if (!path.startsWith(before) || !path.endsWith(after) || path.length < before.length + after.length)
    return undefined;
  return { model: decodeURIComponent(path.slice(before.length, path.length - after.length)) };
}

function readBody(dialect: Dialect, text: string, address: Address): Call | GatewayError {
  try {
    const body: JsonObject | null = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
      return dialect.inbound.readCall({ ...body, ...address });
    }
  } catch (error) {
    if (error instanceof GatewayError) return error;
    if (!(error instanceof SyntaxError)) throw error;
  }
  return new GatewayError('invalid_json', 'The body of the request is not a JSON object.');
}

/** A provider's filter ends an answer in the middle. */
function filtered(draft: Draft): Draft {
  const parts = draft.parts.flatMap((part) =>
    part.kind === 'text' ? [{ ...part, text: part.text.slice(0, Math.ceil(part.text.length / 2)) }] : [],
  );
  return { parts, stop: 'refusal' };
}
