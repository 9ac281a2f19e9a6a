import type { WrapOptions } from './clients/call-route.ts';
import { openSetup } from './clients/open-setup.ts';
import { openaiMethods, openaiRoutes } from './clients/openai-routes.ts';
import { traceClient } from './clients/trace-client.ts';

/**
 * Traces every call of a model that this client of `openai` (`OpenAI`, `AzureOpenAI`) makes from now on, and gives the same
 * client back. Chat and text completions, responses, embeddings, images, sound and moderations, whole and streamed, with
 * all helpers. Replies, streams, promises and errors are the client's own.
 */
export function wrapOpenAI<C extends object>(client: C, options: WrapOptions = {}): C {
  const setup = openSetup(options, { routes: openaiRoutes, methods: openaiMethods, home: 'openai' });
  return traceClient(client, setup);
}
