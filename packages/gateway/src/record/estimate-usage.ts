import type { Call, Usage } from '@app/protocol';

/** Token classes of input; a provider that reported one of them has counted the prompt. */
const INPUT_CLASSES = [
  'inputFresh',
  'inputCacheRead',
  'inputCacheReadAudio',
  'inputCacheReadImage',
  'inputCacheWrite',
  'inputCacheWrite1h',
  'inputAudio',
  'inputImage',
] as const;

/**
 * Fills in what the provider did not report: a token per four bytes of text, a fixed figure per image. A reply that
 * broke off may have reported less output than it produced, so the larger count stands.
 */
export function estimateUsage(
  reported: Usage,
  call: Call,
  produced: { outputBytes: number; hasEnded: boolean },
): { usage: Usage; estimated: boolean } {
  const hasInput = INPUT_CLASSES.some((tokenClass) => reported[tokenClass] !== undefined);
  const hasOutput = reported.outputText !== undefined || reported.outputThinking !== undefined;
  if (hasInput && hasOutput && produced.hasEnded) return { usage: reported, estimated: false };
  const usage: Usage = { ...reported };
  if (!hasInput) usage.inputFresh = inputTokens(call);
  if (!hasOutput || !produced.hasEnded) {
    const thinking = reported.outputThinking ?? 0;
    const atLeast = Math.ceil(produced.outputBytes / BYTES_PER_TOKEN) - thinking;
    usage.outputText = Math.max(reported.outputText ?? 0, atLeast);
  }
  return { usage, estimated: true };
}

const BYTES_PER_TOKEN = 4;
const TOKENS_PER_MESSAGE = 4;
const TOKENS_PER_IMAGE = 1000;

function inputTokens(call: Call): number {
  let bytes = 0;
  let tokens = call.messages.length * TOKENS_PER_MESSAGE;
  const add = (part: { kind: string }): void => {
    if (part.kind === 'image') tokens += TOKENS_PER_IMAGE;
    for (const text of textsOf(part)) bytes += Buffer.byteLength(text);
  };
  for (const part of call.system) add(part);
  for (const message of call.messages) {
    for (const part of message.parts) {
      add(part);
      if (part.kind === 'tool-result') for (const inner of part.parts) add(inner);
    }
  }
  for (const tool of call.tools) bytes += Buffer.byteLength(JSON.stringify(tool));
  return tokens + Math.ceil(bytes / BYTES_PER_TOKEN);
}

function textsOf(part: { kind: string; text?: string; name?: string; input?: string }): string[] {
  return [part.text, part.name, part.input].filter((text) => text !== undefined);
}
