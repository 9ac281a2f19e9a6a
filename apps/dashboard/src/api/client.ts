import { ErrorReply } from '@app/contract';
import type { z } from 'zod';

/** The server said no. `message` is its own sentence; `status` 0 means that it did not answer. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly param: string | null;

  constructor(status: number, message: string, about: { code: string; param: string | null }) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = about.code;
    this.param = about.param;
  }
}

type Ask = { method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'; body?: unknown; signal?: AbortSignal };

/** Asks the management API and checks the shape of its answer. Throws `ApiError`. */
export async function ask<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  options: Ask = {},
): Promise<z.infer<Schema>> {
  const answer = await send(path, options);
  const text = await answer.text();
  const body: unknown = text === '' ? undefined : parse(text);
  if (!answer.ok) throw errorOf(answer.status, body);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ApiError(answer.status, 'The server answered in a form this page does not know. Reload it.', {
    code: 'bad_answer',
    param: null,
  });
}

async function send(path: string, { method = 'GET', body, signal }: Ask): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      credentials: 'same-origin',
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'The server does not answer. Check that it runs, then try again.', {
      code: 'unreachable',
      param: null,
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorOf(status: number, body: unknown): ApiError {
  const parsed = ErrorReply.safeParse(body);
  if (!parsed.success) {
    return new ApiError(status, `The server answered with status ${status}.`, {
      code: 'unknown',
      param: null,
    });
  }
  const { message, code, param } = parsed.data.error;
  return new ApiError(status, message.replace(KEY_REFUSED, ROLE_REFUSED), { code, param });
}

/** The server says it to keys and people alike; here there are only people. */
const KEY_REFUSED = 'API key does not have permission for this resource';
const ROLE_REFUSED = 'Your role in this organization does not allow this';

/** `?a=1&b=2` from the fields that have a value; empty when none has. */
export function queryOf(fields: { [name: string]: string | number | undefined }): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
