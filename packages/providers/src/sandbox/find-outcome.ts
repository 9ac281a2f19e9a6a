import type { Call } from '@app/protocol';

/** How fast a streamed reply comes: milliseconds before the first byte, and between two pieces of the stream. */
export type Pace = { firstByteMs: number; pieceMs: number };

/** What a call to the sandbox ends in. */
export type Outcome =
  | 'echo'
  | '429'
  | '500'
  | 'timeout'
  | 'cut-stream'
  | 'malformed'
  | 'slow'
  | 'content-filter'
  | 'context-length';

/** The names that force an outcome, as models. `sandbox/pace-<milliseconds>` is one too, for any number up to 60000. */
export const sandboxModels: readonly string[] = [
  'sandbox/echo',
  'sandbox/429',
  'sandbox/500',
  'sandbox/timeout',
  'sandbox/cut-stream',
  'sandbox/malformed',
  'sandbox/slow',
  'sandbox/content-filter',
  'sandbox/context-length',
];

/** True for every model name that only the sandbox has. */
export function isSandboxModel(model: string): boolean {
  return sandboxModels.includes(model) || PACE.exec(model)?.[0] === model;
}

export type Directives = { outcome: Outcome; pace: Partial<Pace> };

/**
 * What the call asks for: the name as its model, or as a word of its last user message. The model comes first, so a
 * prompt that quotes a name does not change what a magic model does. `undefined` for a `sandbox/` model that does not exist.
 */
export function findDirectives(call: Call): Directives | undefined {
  const model = call.model ?? '';
  const prompt = promptText(call);
  const pace = paceOf(model) ?? paceOf(prompt) ?? {};
  const asked = OUTCOMES.get(model) ?? OUTCOMES.get(`sandbox/${model}`);
  if (asked !== undefined && asked !== 'echo') return { outcome: asked, pace: { ...PACES[asked], ...pace } };
  if (model.startsWith('sandbox/') && !isSandboxModel(model)) return undefined;
  const word = prompt.match(DIRECTIVE)?.find((name) => OUTCOMES.has(name)) ?? '';
  const outcome = OUTCOMES.get(word) ?? 'echo';
  return { outcome, pace: { ...PACES[outcome], ...pace } };
}

/** The text of the last user message, without tool results. */
export function promptText(call: Call): string {
  const last = call.messages.findLast((message) => message.role === 'user');
  if (last?.role !== 'user') return '';
  return last.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
}

const OUTCOMES: ReadonlyMap<string, Outcome> = new Map([
  ['sandbox/echo', 'echo'],
  ['sandbox/429', '429'],
  ['sandbox/500', '500'],
  ['sandbox/timeout', 'timeout'],
  ['sandbox/cut-stream', 'cut-stream'],
  ['sandbox/malformed', 'malformed'],
  ['sandbox/slow', 'slow'],
  ['sandbox/content-filter', 'content-filter'],
  ['sandbox/context-length', 'context-length'],
]);

const DIRECTIVE = /(?<![\w/-])sandbox\/[\w-]{1,32}/g;
const PACE = /(?<![\w/-])sandbox\/pace-(\d{1,5})(?![\w-])/;
const PACE_MS_MAX = 60_000;

const PACES: { [outcome in Outcome]?: Pace } = { slow: { firstByteMs: 2_000, pieceMs: 250 } };

function paceOf(text: string): Pace | undefined {
  const found = PACE.exec(text)?.[1];
  if (found === undefined) return undefined;
  const ms = Math.min(Number(found), PACE_MS_MAX);
  return { firstByteMs: ms, pieceMs: ms };
}
