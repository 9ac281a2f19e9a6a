import type { Call } from './call.ts';
import type { DialectId } from './dialect.ts';
import type { Json } from './json.ts';
import type { Loss } from './loss.ts';

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

/** What the caller calls a thing: losses are told in the caller's words. */
export type Words = {
  format: string;
  thinking: string;
  outputTokensMax: string;
  stop: string;
  topK: string;
  user: string;
  cache: string;
  thinkingPart: string;
  midSystem: string;
};

const WORDS: Record<DialectId, Words> = {
  'openai-chat': {
    format: 'response_format',
    thinking: 'reasoning_effort',
    outputTokensMax: 'max_completion_tokens',
    stop: 'stop',
    topK: 'top_k',
    user: 'user',
    cache: 'prompt_cache_breakpoint',
    thinkingPart: 'messages[].reasoning_content',
    midSystem: 'messages[].role',
  },
  'anthropic-messages': {
    format: 'output_config.format',
    thinking: 'thinking',
    outputTokensMax: 'max_tokens',
    stop: 'stop_sequences',
    topK: 'top_k',
    user: 'metadata.user_id',
    cache: 'cache_control',
    thinkingPart: 'messages[].content[].thinking',
    midSystem: 'messages[].role',
  },
};

export function wordsOf(call: Call): Words {
  return WORDS[call.extra.dialect];
}

/** Reports the fields that only the caller's dialect has, less those that ask for nothing. */
export function addForeignLosses(call: Call, own: DialectId, losses: Losses): void {
  for (const path of call.unread ?? []) losses.add(path, 'unsupported');
  if (call.extra.dialect === own) return;
  for (const [key, value] of Object.entries(call.extra.fields)) {
    if (!asksNothing(key, value)) losses.add(key, 'unsupported');
  }
}

/** Clients write defaults out: they ask for nothing, so nothing is lost. */
function asksNothing(key: string, value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false) return true;
  return (key === 'n' && value === 1) || (key === 'service_tier' && value === 'auto');
}
