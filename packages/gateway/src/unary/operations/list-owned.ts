import { GatewayError, type JsonObject } from '@app/protocol';
import { isObjectId, type ObjectKind, type ObjectRegistry } from '../object-registry.ts';
import type { UnaryInput, UnaryOrder } from '../unary-operation.ts';
import { plainRequest } from './write-request.ts';

const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 100;

/**
 * The project's own objects, as their providers last described them. A provider's own list is never asked: it holds
 * what all projects made.
 */
export function listOwned(registry: ObjectRegistry, kind: ObjectKind, input: UnaryInput): UnaryOrder {
  const { principal, query } = input;
  const search = {
    kind,
    purpose: query.purpose,
    after: query.after,
    limit: limitOf(query.limit),
    order: query.order === 'asc' ? ('asc' as const) : ('desc' as const),
  };
  if (search.after !== undefined && !isObjectId(search.after)) throw wrong('after', 'the id of an object');
  const ability = kind === 'file' ? 'files' : 'batches';
  if (principal.mode === 'test') {
    return {
      kind: 'provider',
      ability,
      model: undefined,
      write: (target) => plainRequest(target, { operation: ability, method: 'GET', path: `/${ability}` }),
      answer: { kind: 'pass', readUsage: () => ({ usage: {} }) },
    };
  }
  return {
    kind: 'local',
    reply: async () => {
      const found = await registry.list(principal.projectId, search);
      return {
        body: page(
          found.map(({ body }) => body),
          search.limit,
        ),
      };
    },
  };
}

function page(found: readonly JsonObject[], limit: number): JsonObject {
  const data = found.slice(0, limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: found.length > limit,
  };
}

/** OpenAI takes up to 10,000 files a page; a page of ours is at most a hundred. */
function limitOf(text: string | undefined): number {
  if (text === undefined) return LIMIT_DEFAULT;
  if (!/^\d{1,6}$/.test(text) || Number(text) < 1) throw wrong('limit', 'a number of at least 1');
  return Math.min(Number(text), LIMIT_MAX);
}

function wrong(param: string, expected: string): GatewayError {
  const message = `Invalid value for '${param}': expected ${expected}.`;
  return new GatewayError('invalid_parameter', message, { param, retryable: false });
}
