/**
 * `tokenrouter` 1.1.0 for Node and 1.2.0 for Python, as their generator makes all its clients: errors by status, two
 * retries that obey `x-should-retry` and `retry-after`, and streams given as one text.
 */
export type Options110 = {
  baseURL: string;
  apiKey: string;
  maxRetries?: number;
  /** Waits between attempts, in milliseconds; a test looks at them instead of waiting. */
  pause?: (ms: number) => Promise<void>;
};

export class Error110 extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, message: string, body: unknown) {
    super(message);
    this.name = NAMES[status] ?? (status >= 500 ? 'InternalServerError' : 'APIError');
    this.status = status;
    this.body = body;
  }
}

export function createClient110(options: Options110) {
  const send = async (path: string, body: object): Promise<Response> => {
    for (let attempt = 0; ; attempt += 1) {
      const response = await fetch(`${options.baseURL}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${options.apiKey}`,
          'content-type': 'application/json',
          'user-agent': 'Tokenrouter/JS 1.1.0',
          'x-stainless-retry-count': String(attempt),
          'x-stainless-timeout': '60',
          'x-stainless-lang': 'js',
        },
        body: JSON.stringify(body),
      });
      if (response.ok) return response;
      const isLast = attempt >= (options.maxRetries ?? 2);
      if (isLast || !shouldRetry(response)) throw await readError(response);
      await options.pause?.(waitMs(response, attempt));
    }
  };
  const answer = async (path: string, body: { stream?: boolean }): Promise<unknown> => {
    const response = await send(path, body);
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    // This generation has no streaming: whatever is not JSON is one text.
    return isJson ? response.json() : response.text();
  };
  return {
    createResponse: (body: { stream?: boolean; [name: string]: unknown }) => answer('/v1/responses', body),
    replay: (id: string, body: { stream?: boolean } = {}) => answer(`/v1/responses/${id}`, body),
  };
}

const NAMES: { [status: number]: string } = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  403: 'PermissionDeniedError',
  404: 'NotFoundError',
  409: 'ConflictError',
  422: 'UnprocessableEntityError',
  429: 'RateLimitError',
};

function shouldRetry(response: Response): boolean {
  const told = response.headers.get('x-should-retry');
  if (told === 'true' || told === 'false') return told === 'true';
  return [408, 409, 429].includes(response.status) || response.status >= 500;
}

function waitMs(response: Response, attempt: number): number {
  const seconds = Number.parseFloat(response.headers.get('retry-after') ?? '');
  if (seconds > 0 && seconds < 60) return seconds * 1000;
  return Math.min(8000, 500 * 2 ** attempt);
}

async function readError(response: Response): Promise<Error110> {
  const body: unknown = await response.json().catch(() => undefined);
  const message = typeof body === 'object' && body !== null ? Reflect.get(body, 'message') : undefined;
  return new Error110(response.status, `${response.status} ${message ?? JSON.stringify(body)}`, body);
}
