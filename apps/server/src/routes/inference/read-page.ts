import type { JsonObject } from '@app/protocol';
import { invalid } from './routing-fields.ts';

/** Which part of a list is asked for, as OpenAI's lists are paged. */
export type PageQuery = { after: string | undefined; isAscending: boolean; limit: number };

type Query = { [name: string]: unknown };

const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 100;

/** Newest first unless asked otherwise. Throws `GatewayError` naming the parameter at fault. */
export function readPage(given: unknown): PageQuery {
  const { after, order = 'desc', limit = String(LIMIT_DEFAULT) } = queryOf(given);
  if (order !== 'asc' && order !== 'desc') throw invalid('order', 'must be asc or desc');
  const count = typeof limit === 'string' && /^\d{1,4}$/.test(limit) ? Number(limit) : 0;
  if (count < 1 || count > LIMIT_MAX) throw invalid('limit', `must be a number from 1 to ${LIMIT_MAX}`);
  if (after !== undefined && (typeof after !== 'string' || after.length > AFTER_CHARS_MAX)) {
    throw invalid('after', 'must be the id of an item');
  }
  return { after, isAscending: order === 'asc', limit: count };
}

const AFTER_CHARS_MAX = 256;

/** The part of a list in its natural order that a page shows, and one item more where there are more. */
export function pageOf(all: readonly JsonObject[], { after, isAscending, limit }: PageQuery): JsonObject[] {
  const ordered = isAscending ? all : all.toReversed();
  const start = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  // An item that is not there is one that nothing follows.
  return after !== undefined && start === 0 ? [] : ordered.slice(start, start + limit + 1);
}

/** A page of at most `limit` items; one item more than that says that there are more. */
export function writePage(items: readonly JsonObject[], limit: number): JsonObject {
  const data = items.slice(0, limit);
  return {
    object: 'list',
    data,
    has_more: items.length > data.length,
    // OpenAI's schema has texts here, also for a list of nothing.
    first_id: data[0]?.id ?? '',
    last_id: data.at(-1)?.id ?? '',
  };
}

export function queryOf(query: unknown): Query {
  return typeof query === 'object' && query !== null ? { ...query } : {};
}

/** A parameter of the path. */
export function pathParam(params: unknown, name: string): string {
  const value: unknown =
    typeof params === 'object' && params !== null ? Reflect.get(params, name) : undefined;
  return typeof value === 'string' ? value : '';
}
