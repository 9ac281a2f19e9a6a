import { TokentraceConfigError } from './config-error.ts';
import { findEnv } from './host-runtime.ts';
import { readEndpoint } from './read-endpoint.ts';
import type { FlushMode, PiiOptions, TracerOptions } from './tracer-options.ts';

/** The options with every default in its place. */
export type Settings = {
  /** Undefined: why nothing is recorded. */
  target: { url: string; apiKey: string } | undefined;
  /** Why nothing is recorded, when that is not what the app asked for. */
  missing: string | undefined;
  pii: PiiOptions | undefined;
  sampleRate: number;
  queueBytesMax: number;
  spanBytesMax: number;
  batchBytes: number;
  flushIntervalMs: number;
  requestTimeoutMs: number;
  flushMode: FlushMode;
};

const MIB = 1024 * 1024;
/** Where a process may be frozen as soon as it has answered. */
const SERVERLESS = [
  'VERCEL',
  'AWS_LAMBDA_FUNCTION_NAME',
  'NETLIFY',
  'FUNCTION_TARGET',
  'FUNCTIONS_WORKER_RUNTIME',
];

/** Throws a `TokentraceConfigError` for an endpoint that is not safe and for a key that is none. */
export function readOptions(options: TracerOptions): Settings {
  const target = readTarget(options);
  return {
    ...target,
    pii: readPii(options),
    sampleRate: Math.min(1, numberOr(options.sampleRate, 1)),
    queueBytesMax: numberOr(options.maxQueueBytes, 16 * MIB),
    spanBytesMax: numberOr(options.maxSpanBytes, 2 * MIB),
    batchBytes: numberOr(options.batchBytes, MIB),
    flushIntervalMs: numberOr(options.flushIntervalMs, 1_000),
    requestTimeoutMs: numberOr(options.requestTimeoutMs, 10_000),
    flushMode: options.flushMode ?? (isServerless() ? 'immediate' : 'batch'),
  };
}

function readTarget(options: TracerOptions): Pick<Settings, 'target' | 'missing'> {
  const apiKey = options.apiKey ?? findEnv('TOKENTRACE_API_KEY');
  const endpoint = options.endpoint ?? findEnv('TOKENTRACE_ENDPOINT');
  // A refusal must not wait for production: what is given is checked in tests too.
  const url =
    endpoint === undefined ? undefined : readEndpoint(endpoint, options.allowInsecureLoopback === true);
  if (apiKey !== undefined) checkKey(apiKey);
  if (isDisabled(options)) return { target: undefined, missing: undefined };
  if (apiKey === undefined) return { target: undefined, missing: 'apiKey (or TOKENTRACE_API_KEY)' };
  if (url === undefined) return { target: undefined, missing: 'endpoint (or TOKENTRACE_ENDPOINT)' };
  return { target: { url, apiKey }, missing: undefined };
}

function isDisabled({ disabled }: TracerOptions): boolean {
  return disabled ?? (findEnv('NODE_ENV') === 'test' || findEnv('TOKENTRACE_DISABLED') === '1');
}

/** What could end a header early, or is no key at all, is refused without repeating it. */
function checkKey(apiKey: string): void {
  if (!/^tt_[\w.~-]{8,200}$/.test(apiKey))
    throw new TokentraceConfigError('apiKey: is not a key of tokentrace, which begins with tt_');
}

function readPii({ piiRedaction, redactInputs, redactOutputs }: TracerOptions): PiiOptions | undefined {
  if (piiRedaction === undefined) return redactInputs || redactOutputs ? {} : undefined;
  if (piiRedaction === false) return undefined;
  return piiRedaction === true ? {} : piiRedaction;
}

function isServerless(): boolean {
  if (SERVERLESS.some((name) => findEnv(name) !== undefined)) return true;
  // Cloudflare's workers have no environment to ask.
  return globalThis.navigator?.userAgent === 'Cloudflare-Workers';
}

function numberOr(value: number | undefined, fallback: number): number {
  return typeof value === 'number' && value >= 0 ? value : fallback;
}
