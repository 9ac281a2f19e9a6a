import type { Sampling } from './call.ts';
import type { JsonObject } from './json.ts';
import { type At, optionalNumber } from './read-field.ts';

/** What a wire calls the numbers of sampling; one it does not name is none of its own. */
export type SamplingNames = { readonly [name in keyof Sampling]?: string };

/** The names of OpenAI, which knows no `top_k` and, in responses, only the first two: other servers add the rest. */
export const OPENAI_SAMPLING = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  seed: 'seed',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
} as const satisfies SamplingNames;

export function readSampling(object: JsonObject, names: SamplingNames, at: At): Sampling {
  const sampling: Sampling = {};
  for (const [name, key] of Object.entries(names) as [keyof Sampling, string][]) {
    const value = optionalNumber(object, key, at);
    if (value !== undefined) sampling[name] = value;
  }
  return sampling;
}
