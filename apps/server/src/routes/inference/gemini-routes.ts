import { dialects, GatewayError, type JsonObject } from '@app/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BodyRoom } from '../../http/body-room.ts';
import { renderError } from '../../http/render-error.ts';
import { type CallRouteDeps, createCallRoute } from './create-call-route.ts';
import { createGeminiModels, type GeminiModelDeps } from './gemini-models.ts';
import { asJsonList } from './json-list-caller.ts';
import type { CallRoute } from './read-asked.ts';
import { takeRoutingFields } from './routing-fields.ts';

export type GeminiRouteDeps = CallRouteDeps & GeminiModelDeps & { room: BodyRoom };

/** What is done with a model: the word after the colon at the end of a path. */
export type GeminiAction = (request: FastifyRequest, reply: FastifyReply, model: string) => unknown;

/** The lists of models, where Google's clients and others ask at the same address: `other` answers the others. */
export type SharedModelRoutes = { list: (other: Handler) => Handler; get: (other: Handler) => Handler };

/**
 * Google's addresses: `/v1beta/models/{model}:generateContent` and its siblings, under `/v1` too, and the list of models.
 * A model's name may have slashes and colons in it, so one address takes all of them; `more` are its other actions.
 */
export function addGeminiRoutes(
  app: FastifyInstance,
  deps: GeminiRouteDeps,
  more: { [action: string]: GeminiAction } = {},
): SharedModelRoutes {
  const actions = new Map<string, GeminiAction>([
    ...Object.entries(more),
    ['generateContent', (request, reply, model) => call(deps, wholeRoute(model))(request, reply)],
    [
      'streamGenerateContent',
      (request, reply, model) => call(deps, streamRoute(model, isSse(request)))(request, reply),
    ],
  ]);
  const post = guarded((request, reply) => {
    const { model, action } = readPath(request);
    const act = actions.get(action);
    if (act === undefined) throw unknownAction(action);
    return act(request, reply, model);
  });
  const models = createGeminiModels(deps);
  const list = guarded(models.list);
  const get = guarded(models.get);
  app.post('/v1beta/models/*', post);
  app.post('/v1/models/*', post);
  app.get('/v1beta/models', list);
  app.get('/v1beta/models/*', get);
  return { list: (other) => shared(list, other), get: (other) => shared(get, other) };
}

/** Google's clients say who they are, and have their key in a header of its own. */
function shared(own: Handler, other: Handler): Handler {
  return (request, reply) => {
    const { headers } = request;
    const isGoogles = headers['x-goog-api-client'] !== undefined || headers['x-goog-api-key'] !== undefined;
    return isGoogles ? own(request, reply) : other(request, reply);
  };
}

const call = createCallRoute;

function wholeRoute(model: string): CallRoute {
  return {
    name: '/v1beta/models/{model}:generateContent',
    dialect: dialects.gemini,
    read: (body) => readBody(body, { model, stream: false }),
  };
}

/** Without `alt=sse` Google streams one JSON list, a response at a time. */
function streamRoute(model: string, isEvents: boolean): CallRoute {
  const route: CallRoute = {
    name: '/v1beta/models/{model}:streamGenerateContent',
    dialect: dialects.gemini,
    read: (body) => readBody(body, { model, stream: true }),
  };
  if (isEvents) return route;
  return { ...route, through: ({ asked, caller }, start) => start(asked, asJsonList(caller)) };
}

/** The dialect reads model and stream from the body, where Google has neither. */
function readBody(body: JsonObject, path: { model: string; stream: boolean }): ReturnType<CallRoute['read']> {
  const whole = Object.assign(body, path);
  return { body: whole, ...takeRoutingFields(whole) };
}

function isSse(request: FastifyRequest): boolean {
  return queryOf(request).get('alt') === 'sse';
}

/** The last colon is the action's: a model may be called `auto:cost`. Names may begin with `models/`, as Google's do. */
function readPath({ params }: FastifyRequest): { model: string; action: string } {
  const rest: unknown = typeof params === 'object' && params !== null ? Reflect.get(params, '*') : '';
  const path = typeof rest === 'string' ? rest : '';
  const colon = path.lastIndexOf(':');
  if (colon === -1) return { model: path, action: '' };
  return { model: path.slice(0, colon).replace(/^models\//, ''), action: path.slice(colon + 1) };
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** No key in the address, and every refusal in Google's envelope. */
function guarded(handle: Handler): Handler {
  return (request, reply) => {
    try {
      if (queryOf(request).has('key')) throw keyInAddress();
      return handle(request, reply);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const { status, headers, body } = renderError(error, request.id, 'gemini');
      return reply.code(status).headers(headers).send(body);
    }
  };
}

function queryOf({ url }: FastifyRequest): URLSearchParams {
  const mark = url.indexOf('?');
  return new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1));
}

function keyInAddress(): GatewayError {
  const message =
    'A key in the address is not accepted, as addresses end up in logs; send it in the header x-goog-api-key.';
  return new GatewayError('invalid_api_key', message, { retryable: false });
}

function unknownAction(action: string): GatewayError {
  const message = `A model has no action \`${action.slice(0, 50)}\`.`;
  return new GatewayError('not_found', message, { retryable: false });
}
