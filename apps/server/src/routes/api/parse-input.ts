import type { Endpoint } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { z } from 'zod';

/** What came from outside, in the shapes that the endpoint asks for. Throws a 400 that names the field at fault. */
export function parseInput<E extends Endpoint>(
  endpoint: E,
  request: { params: unknown; query: unknown; body: unknown },
): { params: z.output<E['params']>; query: z.output<E['query']>; body: z.output<E['body']> } {
  return {
    params: parsePart<E['params']>(endpoint.params, request.params ?? {}),
    query: parsePart<E['query']>(endpoint.query, request.query ?? {}),
    body: parsePart<E['body']>(endpoint.body, request.body),
  };
}

function parsePart<Part extends z.ZodType>(schema: Part, value: unknown): z.output<Part> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw issue === undefined
    ? new GatewayError('invalid_parameter', 'The request is not valid.')
    : refuse(issue);
}

function refuse(issue: z.core.$ZodIssue): GatewayError {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const param = [...path, issue.keys[0] ?? ''].join('.');
    return new GatewayError('invalid_parameter', `There is no parameter "${param.slice(0, 100)}".`, {
      param: param.slice(0, 100),
      retryable: false,
    });
  }
  if (path.length === 0) {
    return new GatewayError('invalid_parameter', 'The body must be a JSON object.', { retryable: false });
  }
  const param = path.join('.');
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return new GatewayError('missing_parameter', `The parameter "${param}" is missing.`, {
      param,
      retryable: false,
    });
  }
  return new GatewayError('invalid_parameter', `${param}: ${issue.message}.`, { param, retryable: false });
}
