/** Keeps a serverless invocation alive until the promise is settled. */
export type WaitUntil = (promise: Promise<unknown>) => void;

/** Where Vercel's functions find their request. Source: @vercel/functions, get-context. */
const VERCEL_CONTEXT = Symbol.for('@vercel/request-context');

type Host = { [VERCEL_CONTEXT]?: { get?(): { waitUntil?: WaitUntil } | undefined } };

/** The one of the current Vercel request; undefined elsewhere. */
export function findWaitUntil(): WaitUntil | undefined {
  const context = (globalThis as Host)[VERCEL_CONTEXT]?.get?.();
  return context?.waitUntil === undefined ? undefined : (promise) => context.waitUntil?.(promise);
}
