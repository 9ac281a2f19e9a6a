import { type JsonObject, usageReaders, type WireUsage } from '@app/protocol';
import { isRecord } from './wire-value.ts';

/**
 * Tokens in disjoint classes from the figures of whichever provider these are, told by the names in them; undefined when
 * they are none that is known. For frameworks that hand a provider's own figures through.
 */
export function findProviderUsage(raw: unknown): WireUsage | undefined {
  if (!isRecord(raw)) return undefined;
  const read = READERS.find(([mark]) => mark(raw))?.[1];
  const usage = read?.(raw);
  return usage && Object.keys(usage.usage).length > 0 ? usage : undefined;
}

const has =
  (...names: string[]) =>
  (raw: JsonObject): boolean =>
    names.some((name) => raw[name] !== undefined);

const READERS: readonly (readonly [(raw: JsonObject) => boolean, (raw: JsonObject) => WireUsage])[] = [
  [has('prompt_tokens', 'completion_tokens'), usageReaders.chat],
  [has('promptTokenCount', 'candidatesTokenCount'), usageReaders.gemini],
  [has('cache_creation_input_tokens', 'cache_read_input_tokens', 'cache_creation'), usageReaders.messages],
  [has('input_tokens_details', 'output_tokens_details'), usageReaders.responses],
];
