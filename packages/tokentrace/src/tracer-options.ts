import type { CustomPattern, DetectedType } from '@app/redact';
import type { ErrorReport } from './error-report.ts';
import type { RedactHook } from './outgoing-gate.ts';
import type { SpoolOptions } from './spool.ts';
import type { WaitUntil } from './wait-until.ts';

export type PiiOptions = {
  /** Only these types; all when absent. */
  types?: readonly DetectedType[] | undefined;
  /** Patterns of the app's own. */
  patterns?: readonly CustomPattern[] | undefined;
  /**
   * Names what is found by a digest with this key instead of a number, so that the same value has the same placeholder
   * in all spans of all processes with this key: `[EMAIL_3f9a2c41d0]`.
   */
  pseudonymKey?: string | undefined;
};

export type FlushMode = 'batch' | 'immediate';

/** Everything may be absent; docs/tracing-sdk.md has the table with what it is then. */
export type TracerOptions = {
  /** `tt_...`, a key that may write traces and do nothing else. `TOKENTRACE_API_KEY` when absent. */
  apiKey?: string | undefined;
  /** Where the server is, `https://...`. `TOKENTRACE_ENDPOINT` when absent. */
  endpoint?: string | undefined;
  /** Allows `http://` to this very machine. */
  allowInsecureLoopback?: boolean | undefined;
  environment?: string | undefined;
  release?: string | undefined;
  service?: string | undefined;
  /** Inputs, and error messages, never leave the process. */
  redactInputs?: boolean | undefined;
  /** Outputs, and error messages, never leave the process. With `redactInputs` only figures and labels do. */
  redactOutputs?: boolean | undefined;
  /** Takes private values and secrets out of every field. On with either of the two above unless it is `false`. */
  piiRedaction?: boolean | PiiOptions | undefined;
  /** The app's own redaction of every span. When it fails the span's words are not sent. */
  redact?: RedactHook | undefined;
  /** The part of the traces that is kept, 0 to 1; whole traces, by their id. */
  sampleRate?: number | undefined;
  /** What waiting spans may hold of memory. 16 MiB when absent. */
  maxQueueBytes?: number | undefined;
  /** What the content of one span may hold of memory. 2 MiB when absent. */
  maxSpanBytes?: number | undefined;
  /** How much is sent at a time, as held in memory. 1 MiB when absent. */
  batchBytes?: number | undefined;
  /** How long a span waits for company. 1,000 ms when absent. */
  flushIntervalMs?: number | undefined;
  /** How long one request may take. 10,000 ms when absent. */
  requestTimeoutMs?: number | undefined;
  /** `immediate` on serverless platforms, else `batch`. */
  flushMode?: FlushMode | undefined;
  /** Keeps a serverless invocation alive until its spans are sent. Vercel's is found by itself. */
  waitUntil?: WaitUntil | undefined;
  /** Keeps on disk what could not be sent (Node, Bun and Deno). */
  spool?: SpoolOptions | undefined;
  /** The current OpenTelemetry span becomes the parent of what has none. */
  linkOpenTelemetry?: boolean | undefined;
  /** Whether the tracer flushes when the process ends. True when absent. */
  exitHooks?: boolean | undefined;
  /** Records nothing. True under `NODE_ENV=test` or `TOKENTRACE_DISABLED=1` when absent. */
  disabled?: boolean | undefined;
  /** Is told what goes wrong; without it each kind of error is one process warning. */
  onError?: ((error: ErrorReport) => void) | undefined;
  fetch?: typeof fetch | undefined;
};
