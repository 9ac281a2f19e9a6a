import type { Event } from '../event.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Usage } from '../usage.ts';
import { textOf } from './wire.ts';

/**
 * Totals with parts inside become disjoint classes. Source: OpenAI's `ResponseUsage`: `input_tokens` includes the cached
 * and written tokens, `output_tokens` the reasoning. The wire always names all details, so a write of 0 tokens says no
 * more than none. `estimated` marks figures whose parts are larger than their total.
 */
function readUsage(wire: JsonObject): { usage: Usage; estimated: boolean } {
  const input = detailsOf(wire.input_tokens_details);
  const output = detailsOf(wire.output_tokens_details);
  const into: Usage = {};
  put(into, 'inputCacheRead', count(input.cached_tokens));
  put(into, 'inputCacheWrite', count(input.cache_write_tokens) || undefined);
  put(into, 'inputAudio', count(input.audio_tokens));
  put(into, 'inputImage', count(input.image_tokens));
  const out: Usage = {};
  put(out, 'outputThinking', count(output.reasoning_tokens));
  put(out, 'outputAudio', count(output.audio_tokens));
  put(out, 'outputImage', count(output.image_tokens));
  const isOver = [
    putRest(into, 'inputFresh', count(wire.input_tokens)),
    putRest(out, 'outputText', count(wire.output_tokens)),
  ].includes(true);
  return { usage: { ...into, ...out }, estimated: isOver };
}

/** The event of a response's usage and queue, when it tells any. */
export function usageEvents(response: JsonObject): Event[] {
  const serviceTier = textOf(response.service_tier);
  if (!isObject(response.usage) && serviceTier === '') return [];
  const { usage, estimated } = readUsage(isObject(response.usage) ? response.usage : {});
  const event: Event = { type: 'usage', usage };
  if (estimated) event.estimated = true;
  if (serviceTier !== '') event.serviceTier = serviceTier;
  return [event];
}

/** Disjoint classes become totals with parts inside. Undefined when no class is known. */
export function writeUsage(usage: Usage): JsonObject | undefined {
  if (Object.keys(usage).length === 0) return undefined;
  const {
    inputFresh,
    inputCacheRead = 0,
    inputCacheWrite,
    inputCacheWrite1h,
    inputAudio,
    inputImage,
  } = usage;
  const { outputText, outputThinking = 0, outputAudio, outputImage } = usage;
  const written = sum([inputCacheWrite, inputCacheWrite1h]);
  const input = sum([inputFresh, inputCacheRead, written, inputAudio, inputImage]);
  const output = sum([outputText, outputThinking, outputAudio, outputImage]);
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: inputCacheRead,
      cache_write_tokens: written,
      ...known({ audio_tokens: inputAudio, image_tokens: inputImage }),
    },
    output_tokens: output,
    output_tokens_details: {
      reasoning_tokens: outputThinking,
      ...known({ audio_tokens: outputAudio, image_tokens: outputImage }),
    },
    total_tokens: input + output,
  };
}

/** What the named classes leave of the total; never below 0. True when they are more than the total. */
function putRest(usage: Usage, rest: 'inputFresh' | 'outputText', total: number | undefined): boolean {
  if (total === undefined) return false;
  const left = total - sum(Object.values(usage));
  usage[rest] = Math.max(0, left);
  return left < 0;
}

function known(details: { [key: string]: number | undefined }): JsonObject {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}

function put(usage: Usage, name: keyof Usage, value: number | undefined): void {
  if (value !== undefined) usage[name] = value;
}

function sum(values: (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

function count(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function detailsOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
