import type { Json } from '@app/protocol';

/** Clients write defaults out. A field that asks for what happens anyway can be left out, and nothing is lost. */
export function asksNothing(path: string, value: Json): boolean {
  if (value === null || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === 'object') return Object.keys(value).length === 0;
  const name = path.slice(path.lastIndexOf('.') + 1);
  return DEFAULTS.get(name) === value;
}

const DEFAULTS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['n', 1],
  ['top_p', 1],
  ['topP', 1],
  ['frequency_penalty', 0],
  ['frequencyPenalty', 0],
  ['presence_penalty', 0],
  ['presencePenalty', 0],
  ['parallel_tool_calls', true],
  ['service_tier', 'auto'],
  ['verbosity', 'medium'],
]);
