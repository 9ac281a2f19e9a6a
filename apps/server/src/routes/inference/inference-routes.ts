import { dialects } from '@app/protocol';
import type { FastifyInstance } from 'fastify';
import { createBodyRoom } from '../../http/body-room.ts';
import type { Responses } from '../../responses/open-responses.ts';
import { type CapabilitiesRouteDeps, createCapabilitiesRoute } from './capabilities-route.ts';
import { addConversationRoutes } from './conversation-routes.ts';
import { type CallHandler, type CallRouteDeps, createCallRoute } from './create-call-route.ts';
import type { UnaryRouteDeps } from './create-unary-route.ts';
import { addGeminiRoutes } from './gemini-routes.ts';
import { createModelRoutes, type ModelRouteDeps } from './model-routes.ts';
import { readChatBody } from './read-chat-body.ts';
import { readPlainBody } from './read-plain-body.ts';
import { readResponsesBody } from './read-responses-body.ts';
import { readRouteBody } from './read-route-body.ts';
import { routeId } from './reply-fields.ts';
import { addResponseRoutes } from './response-routes.ts';
import { addUnaryRoutes, geminiActions } from './unary-routes.ts';

export type InferenceDeps = UnaryRouteDeps &
  CallRouteDeps &
  ModelRouteDeps &
  CapabilitiesRouteDeps & { responses: Responses };

/** The addresses where applications call models, with the older ones under `/api`. */
export function inferenceRoutes(given: InferenceDeps): (app: FastifyInstance) => void {
  const { bodyBytesMax, uploadBytesMax, bodiesBytesMax } = given.limits;
  const deps = {
    ...given,
    room: createBodyRoom(Math.max(bodiesBytesMax, 4 * bodyBytesMax)),
    // Apart, so that uploads never keep a conversation out.
    formRoom: createBodyRoom(Math.max(bodiesBytesMax, 4 * uploadBytesMax)),
  };
  return (app) => {
    // Bodies are read by the routes themselves, after the key.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => done(null));

    const chat = createCallRoute(deps, {
      name: '/v1/chat/completions',
      dialect: dialects['openai-chat'],
      read: readChatBody,
      decorate: () => ({ id: undefined }),
    });
    const messages = createCallRoute(deps, {
      name: '/v1/messages',
      dialect: dialects['anthropic-messages'],
      read: readPlainBody,
    });
    const completions = createCallRoute(deps, {
      name: '/v1/completions',
      dialect: dialects['openai-completions'],
      read: readPlainBody,
      decorate: () => ({ id: undefined }),
    });
    const route = createCallRoute(deps, {
      name: '/route',
      dialect: dialects['openai-chat'],
      read: readRouteBody,
      decorate: (requestId) => ({ id: routeId(requestId) }),
    });
    const responses = createCallRoute(deps, {
      name: '/v1/responses',
      dialect: dialects['openai-responses'],
      read: readResponsesBody,
      through: deps.responses.begin,
    });
    addCall(app, '/v1/responses', responses);
    addCall(app, '/api/v1/responses', responses);
    addResponseRoutes(app, deps);
    addConversationRoutes(app, deps);
    addCall(app, '/v1/chat/completions', chat);
    addCall(app, '/api/v1/chat/completions', chat);
    addCall(app, '/v1/completions', completions);
    addCall(app, '/api/v1/completions', completions);
    addCall(app, '/v1/messages', messages);
    addCall(app, '/route', route);
    addCall(app, '/api/route', route);

    app.get('/v1/capabilities', createCapabilitiesRoute(deps));
    addUnaryRoutes(app, deps);
    const shared = addGeminiRoutes(app, deps, geminiActions(deps));
    const models = createModelRoutes(deps);
    for (const prefix of ['/v1/models', '/api/v1/models']) {
      app.get(prefix, shared.list(models.list));
      app.get(`${prefix}/*`, shared.get(models.get));
    }
  };
}

/**
 * The handler takes the reply over before the framework asks for a body: what would follow, its parser first, costs more
 * than all that our own limits do, and none of it is used.
 */
function addCall(app: FastifyInstance, path: string, handler: CallHandler): void {
  app.post(path, { onRequest: (request, reply) => handler(request, reply) }, handler);
}
