/**
 * What all clients of the 1.0 line share: how they send, which failures they try again, and how they read an error.
 * Written from the published behaviour of `@tokenrouter/sdk` 1.0.0 and `tokenrouter` 1.0.6 to 1.0.11.
 */
export type OlderOptions = {
  baseUrl: string;
  apiKey: string;
  headers?: { [name: string]: string };
  maxRetries?: number;
  /** Waits between attempts, in milliseconds; a test looks at them instead of waiting. */
  pause?: (ms: number) => Promise<void>;
};

export type OlderErrorName =
  | 'AuthenticationError'
  | 'RateLimitError'
  | 'InvalidRequestError'
  | 'QuotaExceededError'
  | 'APIStatusError'
  | 'TokenRouterError';

export class OlderError extends Error {
  readonly status: number;
  readonly retryAfter: number | undefined;

  constructor(name: OlderErrorName, message: string, about: { status: number; retryAfter?: number }) {
    super(message);
    this.name = name;
    this.status = about.status;
    this.retryAfter = about.retryAfter;
  }
}

export type OlderRequest = { method: string; path: string; body?: object; isStream?: boolean };

/** Sends a request; 5xx are tried again after 1, 2 and 4 seconds, streams never are. Throws an `OlderError`. */
export async function sendOlder(options: OlderOptions, request: OlderRequest): Promise<Response> {
  // A known quirk: 0 retries means the default.
  const retries = request.isStream === true ? 0 : options.maxRetries || 3;
  for (let attempt = 0; ; attempt += 1) {
    const response = await fetch(`${options.baseUrl}${request.path}`, {
      method: request.method,
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        'content-type': 'application/json',
        accept: request.isStream === true ? 'text/event-stream' : 'application/json',
        ...options.headers,
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    if (response.ok) return response;
    const error = await readOlderError(response, request.isStream === true);
    if (response.status < 500 || attempt >= retries) throw error;
    await options.pause?.(1000 * 2 ** attempt);
  }
}

async function readOlderError(response: Response, isStream: boolean): Promise<OlderError> {
  const { status } = response;
  const body: unknown = await response.json().catch(() => undefined);
  const found = field(body, 'detail') ?? field(body, 'error') ?? response.statusText;
  if (isStream) return new OlderError('APIStatusError', String(found), { status });
  if (status === 429) {
    const retryAfter = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
    return new OlderError('RateLimitError', String(found), { status, retryAfter });
  }
  return new OlderError(status === 403 ? refusalName(found) : nameOf(status), String(found), { status });
}

/** The published code calls `toLowerCase` on whatever it found, so an object instead of a text throws a TypeError. */
function refusalName(found: unknown): OlderErrorName {
  if (typeof found !== 'string') throw new TypeError('message.toLowerCase is not a function');
  return found.toLowerCase().includes('quota') ? 'QuotaExceededError' : 'AuthenticationError';
}

function nameOf(status: number): OlderErrorName {
  return NAMES[status] ?? (status >= 500 ? 'APIStatusError' : 'TokenRouterError');
}

const NAMES: { [status: number]: OlderErrorName } = {
  400: 'InvalidRequestError',
  401: 'AuthenticationError',
};

/** A field of a parsed JSON object. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** The `data: ` lines of a stream as these clients read them: split at line feeds, the space required, bad JSON skipped. */
export async function* readOlderStream(response: Response): AsyncGenerator<object> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of response.body ?? []) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('data: ')) continue;
      const data = line.slice('data: '.length).trim();
      if (data === '[DONE]') return;
      const chunk = parseOrSkip(data);
      if (chunk !== undefined) yield chunk;
    }
  }
}

function parseOrSkip(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
