import { words as anthropicWords } from './anthropic-messages/words.ts';
import type { Call } from './call.ts';
import type { CallerDialectId, DialectId } from './dialect.ts';
import { GatewayError } from './error.ts';
import { words as geminiWords } from './gemini/words.ts';
import type { Json } from './json.ts';
import type { Loss } from './loss.ts';
import { words as chatWords } from './openai-chat/words.ts';
import { words as completionsWords } from './openai-completions/words.ts';
import { words as responsesWords } from './openai-responses/words.ts';
import type { Words } from './words.ts';

/** Gathers what a target's dialect cannot say, each path once and shortened; a last path `...` says that there are more. */
export type Losses = { add(path: string, why: Loss['why']): void; list(): Loss[] };

/** Paths are the caller's words, and a call is told and recorded with them. */
const LOSSES_MAX = 64;
const PATH_CHARS_MAX = 128;
const MORE = '...';

export function createLosses(): Losses {
  const losses = new Map<string, Loss>();
  return {
    add(text, why) {
      const path = losses.size < LOSSES_MAX ? shortened(text) : MORE;
      if (!losses.has(path)) losses.set(path, { path, why });
    },
    list: () => [...losses.values()],
  };
}

function shortened(path: string): string {
  return path.length > PATH_CHARS_MAX ? `${path.slice(0, PATH_CHARS_MAX)}${MORE}` : path;
}

const WORDS: Record<CallerDialectId, Words> = {
  'openai-chat': chatWords,
  'openai-responses': responsesWords,
  'openai-completions': completionsWords,
  'anthropic-messages': anthropicWords,
  gemini: geminiWords,
};

/** The words of whoever made the call. */
export function wordsOf(call: Call): Words {
  return wordsIn(call.extra.dialect);
}

export function wordsIn(dialect: CallerDialectId): Words {
  return WORDS[dialect];
}

/**
 * Reports the fields that only the caller's dialect has, less those that ask for nothing. Throws
 * `unsupported_parameter` for a call that only its own dialect can say.
 */
export function addForeignLosses(call: Call, own: DialectId, losses: Losses): void {
  for (const path of call.unread ?? []) losses.add(path, 'unsupported');
  if (call.extra.dialect === own) return;
  if (call.ownOnly !== undefined) {
    const { param, remedy } = call.ownOnly;
    const message = `The provider of this model cannot take this '${param}'. ${remedy}`;
    throw new GatewayError('unsupported_parameter', message, { param, retryable: false });
  }
  for (const [key, value] of Object.entries(call.extra.fields)) {
    if (!asksNothing(key, value)) losses.add(key, 'unsupported');
  }
}

/** Clients write defaults out: they ask for nothing, so nothing is lost. */
function asksNothing(key: string, value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false) return true;
  return DEFAULTS[key] !== undefined && DEFAULTS[key] === JSON.stringify(value);
}

/** Sealed thinking is in every reply that has any. */
const DEFAULTS: { [key: string]: string | undefined } = {
  n: '1',
  best_of: '1',
  service_tier: '"auto"',
  truncation: '"disabled"',
  include: '["reasoning.encrypted_content"]',
  'stream_options.include_usage': 'true',
};
