import type { WrapOptions } from './clients/call-route.ts';
import { geminiRoutes } from './clients/gemini-routes.ts';
import { openSetup } from './clients/open-setup.ts';
import { traceGemini } from './clients/trace-gemini.ts';

/**
 * Traces every call of a model that this client of `@google/genai` makes from now on, and gives the same client back:
 * content, whole and streamed, chats, embeddings and images. A model of the older `@google/generative-ai` is taken too.
 * Each request to Google is one span: a reply that took several, for tools that the client itself calls, has several.
 */
export function wrapGemini<C extends object>(client: C, options: WrapOptions = {}): C {
  return traceGemini(
    client,
    openSetup(options, { routes: geminiRoutes, methods: new Map(), home: 'google' }),
  );
}

/** The name of release 1. */
export function wrapGeminiModel<C extends object>(model: C, options: WrapOptions = {}): C {
  return wrapGemini(model, options);
}
