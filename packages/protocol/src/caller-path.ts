import type { CallerDialectId, DialectId } from './dialect.ts';
import { wordsIn } from './losses.ts';
import type { Words } from './words.ts';

/**
 * What a caller calls a field that was left out of a body in another dialect: `top_p` of a chat completion is
 * `generationConfig.topP` to a caller who speaks Gemini. A path that has no word of its own stays as it is.
 */
export function callerPath(path: string, body: DialectId, caller: CallerDialectId): string {
  if (body === caller || body === 'bedrock-converse') return path;
  const [said, meant] = [wordsIn(body), wordsIn(caller)];
  const named = ALSO_THINKING.has(path) ? said.thinking : path;
  const key = KEYS.find((name) => isSame(said[name], named));
  return key === undefined ? path : meant[key];
}

/** Effort is a part of thinking, wherever a dialect keeps it. */
const ALSO_THINKING = new Set(['output_config.effort']);

/** A part of a field is told as the field. */
function isSame(word: string, path: string): boolean {
  return path === word || path.startsWith(`${word}.`);
}

/** The fields of a body; the parts of its messages have places instead of names. */
const KEYS = [
  'thinking',
  'outputTokensMax',
  'stop',
  'temperature',
  'topP',
  'topK',
  'seed',
  'frequencyPenalty',
  'presencePenalty',
  'user',
  'toolChoice',
  'parallelTools',
  'logprobs',
  'serviceTier',
  'metadata',
  'promptCacheKey',
  'safetyIdentifier',
  'verbosity',
  'modalities',
] as const satisfies readonly (keyof Words)[];
