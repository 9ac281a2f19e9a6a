import type { CacheMark } from './call.ts';
import type { JsonObject } from './json.ts';
import { optionalObject } from './read-field.ts';
import type { Unread } from './unread.ts';

const CACHE_FIELDS = new Set(['type', 'ttl']);

/** Reads `cache_control` of a block or tool. A lifetime of tomorrow counts as the default of five minutes and is noted. */
export function readCache(wire: JsonObject, path: string, unread: Unread): CacheMark | undefined {
  if (wire.cache_control === undefined) return undefined;
  const mark = optionalObject(wire, 'cache_control', path);
  if (mark === undefined) return undefined;
  unread.note(mark, CACHE_FIELDS, 'cache_control');
  return { lifetime: mark.ttl === '1h' ? '1h' : '5m' };
}

/** Gives `part` the mark of the block it was read from. */
export function withCache<Part extends { cache?: CacheMark }>(
  part: Part,
  { wire, path }: { wire: JsonObject; path: string },
  unread: Unread,
): Part {
  const cache = readCache(wire, path, unread);
  if (cache !== undefined) part.cache = cache;
  return part;
}

export function writeCache(cache: CacheMark): JsonObject {
  return cache.lifetime === '1h' ? { type: 'ephemeral', ttl: '1h' } : { type: 'ephemeral' };
}
