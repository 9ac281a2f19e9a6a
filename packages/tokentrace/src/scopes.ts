import type { AsyncStoreMaker } from './host-runtime.ts';
import type { SpanContext } from './tracer.ts';
import type { WireSpan } from './wire-span.ts';

/** What the spans of a context belong to, as it is sent. Never changed in place: it is shared by all below. */
export type Labels = Pick<WireSpan, 'user_id' | 'session_id' | 'tags' | 'prompt' | 'metadata'>;

/** A stretch of the app's work: the span that is the parent of what starts in it, and the labels of what starts in it. */
export type Scope = {
  span: SpanContext | undefined;
  labels: Labels;
  /** The span is another process's: a new trace here goes on with it. */
  isRemote?: boolean;
};

export type Scopes = {
  current(): Scope | undefined;
  run<T>(scope: Scope, fn: () => T): T;
  /** Makes the scope the current one for what follows here, never for other requests. False where it cannot. */
  enter(scope: Scope): boolean;
};

/** Scopes that follow the app's asynchronous calls. Without that ability nothing is current: handles are passed on. */
export function createScopes(AsyncStore: AsyncStoreMaker | undefined): Scopes {
  if (AsyncStore === undefined)
    return { current: () => undefined, run: (_scope, fn) => fn(), enter: () => false };
  const store = new AsyncStore<Scope>();
  return {
    current: () => store.getStore(),
    run: (scope, fn) => store.run(scope, fn),
    enter(scope) {
      if (typeof store.enterWith !== 'function') return false;
      store.enterWith(scope);
      return true;
    },
  };
}
