import type { JsonObject } from '@app/protocol';
import { endpointOf, findAbility, type Operation } from '@app/providers';
import type { Target } from '../../ports.ts';
import type { FormPart } from '../multipart/read-multipart.ts';
import { writeMultipart } from '../multipart/write-multipart.ts';
import type { UnaryRequest } from '../unary-operation.ts';

type Address = { operation: Operation; method: 'GET' | 'POST' | 'DELETE'; path: string };

/** A request without a body to the place where the target's provider does this. */
export function plainRequest(target: Target, { operation, method, path: usual }: Address): UnaryRequest {
  const ability = findAbility(target.provider, operation) ?? {};
  const { provider, path } = endpointOf(target.provider, ability, usual);
  const headers = {
    ...provider.headers,
    accept: '*/*',
    // Decompressing what is only passed on would cost more than it saves.
    'accept-encoding': 'identity',
  };
  return { provider, method, path, headers, body: '', losses: [] };
}

type JsonAddress = { operation: Operation; path: string; body: JsonObject };

export function jsonRequest(target: Target, { operation, path, body }: JsonAddress): UnaryRequest {
  const request = plainRequest(target, { operation, method: 'POST', path });
  return {
    ...request,
    headers: { ...request.headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

type FormAddress = { operation: Operation; path: string; parts: readonly FormPart[] };

/** The caller's form, asking for the provider's name of the model where one was asked for. */
export function formRequest(target: Target, { operation, path, parts }: FormAddress): UnaryRequest {
  const model = target.model === '' ? {} : { model: target.model };
  const { contentType, bytes } = writeMultipart(parts, model);
  const request = plainRequest(target, { operation, method: 'POST', path });
  return { ...request, headers: { ...request.headers, 'content-type': contentType }, bytes };
}
