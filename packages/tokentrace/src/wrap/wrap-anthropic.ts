import { anthropicMethods, anthropicRoutes } from './clients/anthropic-routes.ts';
import type { WrapOptions } from './clients/call-route.ts';
import { openSetup } from './clients/open-setup.ts';
import { traceClient } from './clients/trace-client.ts';

/**
 * Traces every message that this client of `@anthropic-ai/sdk` makes from now on, and gives the same client back. Whole
 * and streamed, the beta's too, with all helpers. Replies, streams, promises and errors are the client's own.
 */
export function wrapAnthropic<C extends object>(client: C, options: WrapOptions = {}): C {
  const setup = openSetup(options, { routes: anthropicRoutes, methods: anthropicMethods, home: 'anthropic' });
  return traceClient(client, setup);
}
