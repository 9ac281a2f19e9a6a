import type { Schedule } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import type { FastifyInstance } from 'fastify';
import type { EdgeLimits } from '../../http/edge-limits.ts';
import { openCaller } from '../../http/open-caller.ts';
import { followRun } from '../../responses/create-background.ts';
import { showItem } from '../../responses/name-items.ts';
import { parseResponseId } from '../../responses/new-id.ts';
import type { Responses } from '../../responses/open-responses.ts';
import type { Run } from '../../responses/open-run.ts';
import { readInputItems } from '../../responses/read-input-items.ts';
import { replayTurn } from '../../responses/replay-turn.ts';
import { showResponse } from '../../responses/show-response.ts';
import { isRunning, type Owner, type StoredTurn } from '../../responses/stored-turn.ts';
import { type AnswerDeps, createAnswerKey, type KeyRequest } from './answer-key.ts';
import { edgeHeaders } from './open-edge.ts';
import { pageOf, pathParam, queryOf, readPage, writePage } from './read-page.ts';
import { invalid } from './routing-fields.ts';

export type ResponseRouteDeps = AnswerDeps & {
  responses: Pick<Responses, 'turns' | 'background' | 'known'>;
  schedule: Schedule;
  limits: Pick<EdgeLimits, 'bodyBytesMax' | 'drainTimeoutMs' | 'lingerMs'>;
  /** Whether callers reach us by HTTPS only. */
  isHttps?: boolean;
};

/** What is kept of one call, and the run that still works on it, if it runs here. */
type Found = { turn: StoredTurn; run: Run | undefined };

/** Stored replies: read, streamed again, listed by what they were asked, cancelled and deleted. */
export function addResponseRoutes(app: FastifyInstance, deps: ResponseRouteDeps): void {
  const answer = createAnswerKey(deps);
  const get = answer('responses:read', async (asked) => {
    const found = await findTurn(deps, asked);
    const query = queryOf(asked.request.query);
    if (query.stream !== 'true') return showResponse(found.turn, includeOf(query));
    const after = readAfter(query.starting_after);
    if (found.run === undefined && isRunning(found.turn.status)) throw runsElsewhere();
    stream(deps, asked, { ...found, after });
    return undefined;
  });
  const replay = answer('responses:read', async (asked) => {
    const { stream: isStream } = await asked.readJson();
    if (typeof (isStream ?? false) !== 'boolean') throw invalid('stream', 'must be true or false');
    const turn = await findReplay(deps, asked);
    if (isStream !== true) return showResponse(turn, []);
    stream(deps, asked, { turn, run: undefined, after: -1 });
    return undefined;
  });
  const remove = answer('inference:call', async (asked) => {
    const { id, shown, owner } = namedBy(asked);
    if (id === undefined) throw notFound(shown);
    deps.responses.background.forget(owner, id);
    if (!(await deps.responses.turns.delete(owner, id))) throw notFound(shown);
    return { id, object: 'response', deleted: true };
  });
  const cancel = answer('inference:call', async (asked) => showResponse(await cancelTurn(deps, asked), []));
  const inputItems = answer('responses:read', async (asked) => {
    const page = readPage(asked.request.query);
    const { turn } = await findTurn(deps, asked);
    const bounds = { turns: deps.responses.turns, bytesMax: deps.limits.bodyBytesMax };
    const items = await readInputItems(bounds, namedBy(asked).owner, turn);
    return writePage(pageOf(items.map(showItem), page), page.limit);
  });
  for (const prefix of ['/v1/responses', '/api/v1/responses']) {
    app.get(`${prefix}/:id`, get);
    app.post(`${prefix}/:id`, replay);
    app.delete(`${prefix}/:id`, remove);
    app.post(`${prefix}/:id/cancel`, cancel);
    app.get(`${prefix}/:id/input_items`, inputItems);
  }
}

/** `id` is undefined for a text that no reply can be called. */
function namedBy({ request, principal }: KeyRequest): {
  id: string | undefined;
  shown: string;
  owner: Owner;
} {
  const shown = pathParam(request.params, 'id');
  const { projectId, mode, keyId } = principal;
  return { id: parseResponseId(shown), shown, owner: { projectId, mode, keyId } };
}

async function findTurn({ responses }: ResponseRouteDeps, asked: KeyRequest): Promise<Found> {
  const { id, shown, owner } = namedBy(asked);
  if (id === undefined) throw notFound(shown);
  const running = responses.background.find(owner, id);
  if (running !== undefined) return running;
  const turn = await responses.turns.find(owner, id);
  if (turn === undefined) throw notFound(shown);
  return { turn, run: undefined };
}

/** A reply that is complete; 409 for a call that was made and left nothing, or has not ended. */
async function findReplay({ responses }: ResponseRouteDeps, asked: KeyRequest): Promise<StoredTurn> {
  const { id, shown, owner } = namedBy(asked);
  if (id === undefined) throw notFound(shown);
  if (responses.background.find(owner, id) !== undefined) throw nothingToReplay('has not ended yet');
  const turn = await responses.turns.find(owner, id);
  if (turn !== undefined && isRunning(turn.status)) throw nothingToReplay('has not ended yet');
  if (turn !== undefined) return turn;
  if (await responses.known.has(owner, id)) throw nothingToReplay('was not stored');
  throw notFound(shown);
}

async function cancelTurn(deps: ResponseRouteDeps, asked: KeyRequest): Promise<StoredTurn> {
  const { background, turns } = deps.responses;
  const { id, owner } = namedBy(asked);
  const { turn } = await findTurn(deps, asked);
  if (!turn.isBackground) {
    const message = 'Only a response that was created with `background: true` can be cancelled.';
    throw new GatewayError('invalid_parameter', message, { retryable: false });
  }
  if (id === undefined || !isRunning(turn.status)) return turn;
  if (!background.cancel(owner, id)) await turns.cancel(owner, id);
  return (await findTurn(deps, asked)).turn;
}

type Streamed = Found & { after: number };

function stream(
  deps: ResponseRouteDeps,
  { request, reply }: KeyRequest,
  { turn, run, after }: Streamed,
): void {
  reply.hijack();
  const caller = openCaller({
    request: request.raw,
    response: reply.raw,
    headers: edgeHeaders(deps, request),
    schedule: deps.schedule,
    drainTimeoutMs: deps.limits.drainTimeoutMs,
    lingerMs: deps.limits.lingerMs,
  });
  if (run === undefined) replayTurn(turn, caller, { after, headers: {} });
  else caller.onLeave(followRun(run, caller, { after, headers: {} }));
}

function readAfter(value: unknown): number {
  if (value === undefined) return -1;
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value)) {
    throw invalid('starting_after', 'must be the number of an event');
  }
  return Number(value);
}

/** SDKs write a list as `include[]=a&include[]=b`, `include=a&include=b` or `include=a,b`. */
function includeOf(query: { [name: string]: unknown }): string[] {
  return [query.include, query['include[]']]
    .flat()
    .flatMap((value) => (typeof value === 'string' ? value.split(',') : []));
}

function notFound(id: string): GatewayError {
  const message = `Response with id '${id.slice(0, 100)}' not found.`;
  return new GatewayError('not_found', message, { retryable: false });
}

function nothingToReplay(why: string): GatewayError {
  return new GatewayError('nothing_to_replay', `There is nothing to replay: the response ${why}.`, {
    retryable: false,
  });
}

function runsElsewhere(): GatewayError {
  const message = 'Another server works on this response. Ask for it without `stream` until it has ended.';
  return new GatewayError('conflict', message, { retryable: false });
}
