import type { GatewayError, Loss } from '@app/protocol';
import type { Asked } from '../asked.ts';
import type { Target } from '../ports.ts';

export type Headers = { [name: string]: string };

/** Headers of every inference reply, good or bad. What limits say joins them once it is known. */
export function callHeaders(asked: Pick<Asked, 'dialect' | 'requestId' | 'warnings'>): Headers {
  const requestId = headerValue(asked.requestId);
  const headers: Headers = { 'x-request-id': requestId, 'x-tokenrouter-request-id': requestId };
  if (asked.dialect.id === 'anthropic-messages') headers['request-id'] = requestId;
  const { warnings = [] } = asked;
  if (warnings.length > 0) headers['x-tokenrouter-warnings'] = headerValue(warnings.join(' '));
  return headers;
}

export type Routed = {
  target: Target;
  mode: string;
  attempts: number;
  losses: readonly Loss[];
};

/** Headers that tell where a call went. */
export function routedHeaders({ target, mode, attempts, losses }: Routed): Headers {
  const headers: Headers = {
    'x-tokenrouter-provider': headerValue(target.provider.id),
    'x-tokenrouter-model': headerValue(target.model),
    'x-tokenrouter-mode': headerValue(mode),
    'x-tokenrouter-attempts': String(attempts),
    'x-tokenrouter-cache': 'off',
  };
  if (losses.length > 0) headers['x-tokenrouter-losses'] = headerValue(lossList(losses));
  return headers;
}

/** What a refused caller's client needs to know about trying again. */
export function errorHeaders(error: GatewayError): Headers {
  const headers: Headers = {};
  if (error.detail.retryAfterS !== undefined) headers['retry-after'] = String(error.detail.retryAfterS);
  if (error.detail.retryable === false) headers['x-should-retry'] = 'false';
  return headers;
}

export function jsonHeaders(body: string | Uint8Array): Headers {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  return { 'content-type': 'application/json; charset=utf-8', 'content-length': String(length) };
}

/**
 * Text from outside as a header value: printable ASCII on one line, at most 512 characters, so that neither a model's
 * name nor a parameter's can add a header or break the connection.
 */
export function headerValue(text: string): string {
  const value = text.length > VALUE_CHARS_MAX ? text.slice(0, VALUE_CHARS_MAX) : text;
  return PRINTABLE.test(value) ? value : value.replace(NOT_PRINTABLE, '_');
}

/** A decimal number of US dollars, never in exponent form. */
export function usdOf(nanos: number): string {
  const whole = Math.floor(nanos / NANOS_PER_USD);
  const fraction = String(nanos % NANOS_PER_USD)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return fraction === '' ? String(whole) : `${whole}.${fraction}`;
}

/** OpenAI's form of a duration: `20ms`, `1.5s`, `6m0s`, `24h0m0s`. */
export function openAiDuration(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms / 100) / 10;
  if (seconds < 60) return `${seconds}s`;
  const whole = Math.ceil(seconds);
  const hours = Math.floor(whole / 3_600);
  const rest = `${Math.floor((whole % 3_600) / 60)}m${whole % 60}s`;
  return hours === 0 ? rest : `${hours}h${rest}`;
}

const VALUE_CHARS_MAX = 512;
const LOSSES_MAX = 16;
const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const NOT_PRINTABLE = /[^\x20-\x7e]/g;
const NANOS_PER_USD = 1_000_000_000;

function lossList(losses: readonly Loss[]): string {
  const paths = losses.slice(0, LOSSES_MAX).map((loss) => loss.path.replaceAll(',', '_').slice(0, 64));
  return losses.length > LOSSES_MAX ? `${paths.join(', ')}, ...` : paths.join(', ');
}
