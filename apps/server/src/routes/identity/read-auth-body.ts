import { GatewayError } from '@app/protocol';
import type { AuthRoute } from './auth-routes.ts';

/** The body as the route wants it. Throws a 400 that names the field at fault, and a 415 for what is no JSON. */
export function readAuthBody({ body: schema }: AuthRoute, sent: unknown): object | undefined {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(jsonOf(sent));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const names = issue?.code === 'unrecognized_keys' ? issue.keys : issue?.path.map(String);
  const param = names?.join('.').slice(0, 100);
  const message =
    issue?.code === 'unrecognized_keys'
      ? `There is no parameter "${param}".`
      : `${param || 'The body'}: ${issue?.message ?? 'is not valid'}.`;
  throw new GatewayError('invalid_parameter', message, { ...(param ? { param } : {}), retryable: false });
}

function jsonOf(sent: unknown): unknown {
  if (!Buffer.isBuffer(sent)) return {};
  try {
    return JSON.parse(sent.toString('utf8'));
  } catch {
    throw new GatewayError('invalid_json', 'The request body is not valid JSON.', { retryable: false });
  }
}
