import type { OpenCall } from './open-call.ts';

/** Ends the call of a stream that the app dropped without reading it to its end, once the memory of it is reclaimed. */
export type ForgottenCalls = { watch(stream: object, call: OpenCall): void };

export function openForgottenCalls(): ForgottenCalls {
  // Some runtimes have no such registry; there a dropped stream leaves no span.
  if (typeof FinalizationRegistry === 'undefined') return { watch: () => {} };
  const registry = new FinalizationRegistry<OpenCall>((call) => call.cancel());
  return { watch: (stream, call) => registry.register(stream, call) };
}
