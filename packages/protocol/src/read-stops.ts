import { STOPS_MAX } from './call-bounds.ts';
import type { Json } from './json.ts';
import { textsAt } from './read-field.ts';

/** OpenAI's `stop`: one text or a list of them. */
export function readStops(value: Json | undefined): string[] {
  return typeof value === 'string' ? [value] : textsAt(value, 'stop', STOPS_MAX);
}
