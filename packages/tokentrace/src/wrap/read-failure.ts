import { numberIn, objectOf, textIn } from './read/wire-value.ts';

/** An error as it is told to a span. */
export type Failure = { code?: string; message: string; status?: number };

/** What is kept of an error of a provider's client: its HTTP status, the most telling code in it, and its message. */
export function readFailure(error: unknown): Failure {
  const fault = objectOf(error);
  const inner = objectOf(fault.error);
  const status = numberIn(fault.status) ?? numberIn(fault.statusCode);
  const codes = [fault.code, inner.code, objectOf(inner.error).type, inner.type, fault.type, nameOf(error)];
  const code = codes.map(textIn).find((one) => one !== undefined);
  return {
    ...(code !== undefined && { code: code.slice(0, 200) }),
    message: (textIn(fault.message) ?? String(error)).slice(0, 4_000),
    ...(status !== undefined && isStatus(status) && { status }),
  };
}

const ABORTS: ReadonlySet<string> = new Set(['AbortError', 'APIUserAbortError', 'ResponseAborted']);

/** An abort by the app is no failure. Some clients name their error only by its class. */
export function isAbort(error: unknown): boolean {
  return ABORTS.has(nameOf(error) ?? '');
}

/** The name of its class says more than `Error`. */
function nameOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const own = textIn(Reflect.get(error, 'name'));
  return own === undefined || own === 'Error' ? textIn(error.constructor?.name) : own;
}

function isStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 0 && status <= 999;
}
