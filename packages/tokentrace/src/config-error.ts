/** An option that cannot be used: thrown by `init` and `createTracer` only, and never with the key in its message. */
export class TokentraceConfigError extends Error {
  override name = 'TokentraceConfigError';
}
