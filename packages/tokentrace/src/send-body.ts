import type { Schedule } from './clock.ts';
import type { EncodedBody } from './encode-batch.ts';

/** What became of one attempt to deliver a body. */
export type Delivery =
  | { kind: 'delivered'; accepted: number; rejected: number; reason?: string }
  /** It would be refused again. */
  | { kind: 'refused'; status: number; isKeyRefused: boolean }
  | { kind: 'too_large' }
  /** It may go well later; not before `afterMs` when the server says so. */
  | { kind: 'retry'; status: number; afterMs?: number };

export type SendDeps = {
  url: string;
  apiKey: string;
  fetch: typeof fetch;
  schedule: Schedule;
  nowMs(): number;
  timeoutMs: number;
};

/** A receipt names every rejected span, so that it can be long; longer than this is none of ours. */
const RECEIPT_CHARS_MAX = 4_000_000;
const RETRIED: ReadonlySet<number> = new Set([408, 425, 429]);

/** Posts a body once. Redirects are not followed, wherever they lead. Never rejects. */
export async function sendBody(deps: SendDeps, body: EncodedBody, stop: AbortSignal): Promise<Delivery> {
  const attempt = new AbortController();
  const abort = (): void => attempt.abort();
  const callOff = deps.schedule(deps.timeoutMs, abort);
  stop.addEventListener('abort', abort);
  try {
    if (stop.aborted) return { kind: 'retry', status: 0 };
    const response = await deps.fetch(deps.url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${deps.apiKey}`,
        'content-type': 'application/json',
        ...(body.isGzip && { 'content-encoding': 'gzip' }),
      },
      body: body.bytes,
      redirect: 'manual',
      signal: attempt.signal,
    });
    return readDelivery(response, await readText(response), deps.nowMs());
  } catch {
    return { kind: 'retry', status: 0 };
  } finally {
    callOff();
    stop.removeEventListener('abort', abort);
  }
}

function readDelivery(response: Response, text: string, nowMs: number): Delivery {
  const { status } = response;
  if (status >= 200 && status < 300)
    return readReceipt(text) ?? { kind: 'refused', status, isKeyRefused: false };
  if (status === 413) return { kind: 'too_large' };
  if (status >= 500 || RETRIED.has(status)) {
    const afterMs = readRetryAfter(response.headers.get('retry-after'), nowMs);
    return { kind: 'retry', status, ...(afterMs !== undefined && { afterMs }) };
  }
  return { kind: 'refused', status, isKeyRefused: status === 401 || status === 403 };
}

/** Seconds or a date; undefined for anything else. Source: RFC 9110, §10.2.3. */
function readRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const afterMs = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isFinite(afterMs) ? Math.max(0, afterMs) : undefined;
}

/** Undefined when it is no receipt: whoever answered 200 there is not a server of ours, and has stored nothing. */
function readReceipt(text: string): Delivery | undefined {
  const receipt = parseObject(text);
  if (typeof receipt.accepted !== 'number') return undefined;
  const rejected = Array.isArray(receipt.rejected) ? receipt.rejected : [];
  const first: unknown = rejected[0];
  const reason = typeof first === 'object' && first !== null && 'reason' in first ? first.reason : undefined;
  return {
    kind: 'delivered',
    accepted: receipt.accepted,
    rejected: rejected.length,
    ...(typeof reason === 'string' && { reason: reason.slice(0, 200) }),
  };
}

function parseObject(text: string): { accepted?: unknown; rejected?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** The whole body, which also frees the connection; '' when it is longer than a receipt can be. */
async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > RECEIPT_CHARS_MAX) {
      await reader.cancel();
      return '';
    }
  }
}
