import type { Tool } from './call.ts';
import { isObject, type Json } from './json.ts';

/** What every dialect needs to name the tool, and what the call has names for. */
const NAMED = new Set([
  'type',
  'name',
  'max_uses',
  'allowed_domains',
  'blocked_domains',
  'filters',
  'googleSearch',
  'google_search',
]);

/** True for a web search with wishes that only its own dialect knows, a user's place for example. */
export function asksMore({ wire }: Tool & { kind: 'web-search' }): boolean {
  return isObject(wire.value) && Object.entries(wire.value).some(([key, value]) => !isNamed(key, value));
}

function isNamed(key: string, value: Json | undefined): boolean {
  return NAMED.has(key) || value === null || value === undefined;
}
