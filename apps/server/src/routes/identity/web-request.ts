import type { FastifyRequest } from 'fastify';
import { clientAddressHeader } from '../../identity/client-address-header.ts';
import type { AuthRoute } from './auth-routes.ts';

/** What a request may carry to the library: nothing by which a client could say who or where it is. */
const FORWARDED = [
  'accept',
  'content-type',
  'cookie',
  'origin',
  'user-agent',
  'sec-fetch-site',
  'sec-fetch-mode',
];

type Parts = { route: AuthRoute; origin: string; body: object | undefined };

/** The request as the library gets it: what its route names, under the origin that was checked. */
export function webRequest(request: FastifyRequest, { route, origin, body }: Parts): Request {
  const headers = new Headers();
  for (const name of FORWARDED) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  headers.set(clientAddressHeader, request.ip);
  const url = new URL(`/api/auth${route.path.replace(':id', idOf(request))}`, origin);
  for (const name of route.query ?? []) {
    const value = textAt(request.query, name);
    if (value !== undefined) url.searchParams.set(name, name === 'error' ? plainError(value) : value);
  }
  const sent = body === undefined ? {} : { body: JSON.stringify({ ...body, ...route.always }) };
  return new Request(url, { method: request.method, headers, ...sent });
}

function idOf({ params }: FastifyRequest): string {
  return encodeURIComponent(textAt(params, 'id') ?? '');
}

function textAt(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, name);
  return typeof found === 'string' && found.length <= 4_096 ? found : undefined;
}

/** A provider's error is a code of RFC 6749 §4.1.2.1; anybody can write a sentence there, which our page would show. */
function plainError(error: string): string {
  return /^[a-z_]{1,50}$/.test(error) ? error : 'provider_error';
}
