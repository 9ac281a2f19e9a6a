import type { FastifyInstance } from 'fastify';
import { type BodyRooms, createUnaryRoute, type UnaryRouteDeps } from './create-unary-route.ts';
import type { GeminiAction } from './gemini-routes.ts';

type Deps = UnaryRouteDeps & BodyRooms;

/** The addresses of everything that is one request and one answer and no conversation. */
export function addUnaryRoutes(app: FastifyInstance, deps: Deps): void {
  for (const operation of deps.unary.operations) {
    if (actionOf(operation.route) !== undefined) continue;
    const handle = createUnaryRoute(deps, operation);
    const url = operation.route.replace(/\{(\w+)\}/g, ':$1');
    app.route({ method: operation.method, url, handler: (request, reply) => handle(request, reply) });
  }
}

/** Those of them that are an action of a Gemini model: the word after the colon. */
export function geminiActions(deps: Deps): { [action: string]: GeminiAction } {
  const actions: { [action: string]: GeminiAction } = {};
  for (const operation of deps.unary.operations) {
    const action = actionOf(operation.route);
    if (action === undefined) continue;
    const handle = createUnaryRoute(deps, operation);
    actions[action] = (request, reply, model) => handle(request, reply, { model });
  }
  return actions;
}

function actionOf(route: string): string | undefined {
  return /\{model\}:(\w+)$/.exec(route)?.[1];
}
