import type { Call } from '../call.ts';
import type { JsonObject } from '../json.ts';
import { type Losses, wordsOf } from '../losses.ts';

/** OpenAI takes no more; others do, so only a foreign call is cut. */
const STOPS_MAX = 4;

/** Sampling and stops, as chat and completions word them. `isOwn`: the caller speaks the dialect that is written. */
export function writeSampling(
  body: JsonObject,
  call: Call,
  { losses, isOwn }: { losses: Losses; isOwn: boolean },
): void {
  const { temperature, topP, topK, seed, frequencyPenalty, presencePenalty } = call.sampling;
  const words = wordsOf(call);
  if (temperature !== undefined) body.temperature = temperature;
  if (topP !== undefined) body.top_p = topP;
  if (topK !== undefined && isOwn) body.top_k = topK;
  if (topK !== undefined && !isOwn) losses.add(words.topK, 'unsupported');
  if (seed !== undefined) body.seed = seed;
  if (frequencyPenalty !== undefined) body.frequency_penalty = frequencyPenalty;
  if (presencePenalty !== undefined) body.presence_penalty = presencePenalty;
  if (call.stop.length === 0) return;
  body.stop = isOwn ? call.stop : call.stop.slice(0, STOPS_MAX);
  if (!isOwn && call.stop.length > STOPS_MAX) losses.add(words.stop, 'lowered');
}
