import fc from 'fast-check';
import type { AssistantPart, Reply, TextPart } from '../src/index.ts';
import { madeImages, plainText, plainThinking, refusal, sealed, toolCall } from './arbitrary-parts.ts';
import { base64, id, seals, text, tokenLogprob } from './arbitrary-values.ts';
import { hasKind, type ReplyShape, replyOf } from './reply-shape.ts';

const seal = fc.oneof(
  seals('google', 'anthropic'),
  fc.record({ maker: fc.constant('openai' as const), value: base64, id }),
);
const opaque: fc.Arbitrary<AssistantPart> = fc.record({
  kind: fc.constant('opaque'),
  dialect: fc.constant('gemini'),
  value: fc.record({ executableCode: fc.record({ language: fc.constant('PYTHON'), code: text }) }),
});

/** A text goes on where the last one stopped, unless that one was sealed. */
function borders(parts: AssistantPart[]): AssistantPart[] {
  const kept: AssistantPart[] = [];
  for (const part of parts) {
    const before = kept.at(-1);
    const isSpoken = part.kind === 'text' || part.kind === 'thinking';
    if (!isSpoken || before?.kind !== part.kind || before.signature !== undefined) kept.push(part);
  }
  return kept;
}

/** The tokens and the sources are told beside the parts: the last text has them. */
const cited: fc.Arbitrary<TextPart> = fc
  .tuple(plainText, fc.option(fc.webUrl()), fc.array(tokenLogprob, { maxLength: 2 }))
  .map(([part, uri, logprobs]): TextPart => {
    const known = logprobs.length === 0 ? part : { ...part, logprobs };
    if (uri === null) return known;
    const chunk = { web: { uri, title: 'A page' } };
    const segment = { startIndex: 0, endIndex: Buffer.byteLength(part.text), text: part.text };
    const value = {
      groundingChunks: [chunk],
      groundingSupports: [{ segment, groundingChunkIndices: [0] }],
    };
    const citation = { url: uri, title: 'A page', start: 0, end: part.text.length };
    return { ...known, citations: [{ ...citation, wire: { dialect: 'gemini', value } }] };
  });

const said = fc
  .tuple(
    fc.array(
      fc.oneof<fc.Arbitrary<AssistantPart>[]>(
        sealed(plainText, seal),
        sealed(plainThinking, seal),
        sealed(toolCall, seal),
        sealed(madeImages(), seal),
        opaque,
      ),
      { maxLength: 4 },
    ),
    fc.option(fc.tuple(toolCall, cited)),
  )
  .map(([parts, end]) => {
    const [, last] = end ?? [];
    const before = last?.logprobs === undefined ? parts : parts.filter(({ kind }) => kind !== 'text');
    return borders([...before, ...(end ?? [])]);
  });

const usage: ReplyShape['usage'] = [
  'inputCacheRead',
  'inputAudio',
  'inputImage',
  'outputThinking',
  'outputAudio',
  'outputImage',
];
const serviceTiers = fc.constantFrom('default', 'flex', 'priority');

const spoken = replyOf({
  parts: said,
  endingsOf: (parts) => [
    hasKind(parts, 'tool-call') ? { stop: 'tool-calls', rawStop: 'STOP' } : { stop: 'end', rawStop: 'STOP' },
    { stop: 'length', rawStop: 'MAX_TOKENS' },
  ],
  usage,
  serviceTiers,
});

/** What Gemini says of its own stop stands beside it, when the reply is nothing else. */
const refused = replyOf({
  parts: refusal.map((part) => [part]),
  endingsOf: () => [
    { stop: 'refusal', rawStop: 'SAFETY' },
    { stop: 'refusal', rawStop: 'blockReason:SAFETY' },
  ],
  usage,
  serviceTiers,
});

export const arbitraryGeminiReply: fc.Arbitrary<Reply> = fc.oneof({ weight: 6, arbitrary: spoken }, refused);
