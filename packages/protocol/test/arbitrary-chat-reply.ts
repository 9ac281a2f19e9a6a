import fc from 'fast-check';
import type { AssistantPart, Reply, TextPart, ThinkingPart } from '../src/index.ts';
import { madeImages, plainText, plainThinking, refusal, toolCall } from './arbitrary-parts.ts';
import { base64, id, maybe, seals, some, text, tokenLogprob } from './arbitrary-values.ts';
import { hasKind, replyOf } from './reply-shape.ts';

type Beside = Pick<TextPart, 'logprobs' | 'signature'> & { url?: string };

/** Thinking that came sealed, whoever made it. */
const sealedThinking: fc.Arbitrary<ThinkingPart> = fc
  .tuple(
    plainThinking,
    fc.oneof(
      seals('anthropic', 'google'),
      fc.record({ maker: fc.constant('openai' as const), value: base64, id }),
    ),
  )
  .map(([part, signature]) => ({ ...part, signature }));
const redacted: fc.Arbitrary<ThinkingPart> = base64.map((value) => ({
  kind: 'thinking',
  text: '',
  signature: { maker: 'anthropic', value, isRedacted: true },
}));

/** Without a seal there is one run of thinking. */
const thoughts: fc.Arbitrary<AssistantPart[]> = fc.oneof(
  maybe(plainThinking),
  fc.array(fc.oneof(sealedThinking, sealedThinking, redacted), { maxLength: 2 }),
);

/** The wire says beside the text where it has its facts from, which tokens it is, and Google's seal. */
const spoken: fc.Arbitrary<TextPart> = fc
  .tuple(
    plainText,
    some<Beside>(
      {
        url: fc.webUrl(),
        logprobs: fc.array(tokenLogprob, { minLength: 1, maxLength: 2 }),
        signature: seals('google', 'anthropic'),
      },
      [],
    ),
  )
  .map(([part, { url, ...beside }]): TextPart => {
    if (url === undefined) return { ...part, ...beside };
    const place = { start_index: 0, end_index: part.text.length };
    const value = { type: 'url_citation', url_citation: { url, title: 'A page', ...place } };
    const citation = { url, title: 'A page', start: 0, end: part.text.length };
    return { ...part, ...beside, citations: [{ ...citation, wire: { dialect: 'openai-chat', value } }] };
  });

const custom: fc.Arbitrary<AssistantPart> = id.map((name) => ({
  kind: 'opaque',
  dialect: 'openai-chat',
  value: { id: name, type: 'custom', custom: { name, input: 'x' } },
}));
const call: fc.Arbitrary<AssistantPart> = fc
  .tuple(toolCall, fc.option(seals('google', 'openai')))
  .map(([part, signature]) => (signature === null ? part : { ...part, signature }));
const sound: fc.Arbitrary<AssistantPart> = fc.record({
  kind: fc.constant('media' as const),
  mediaType: fc.constant('audio/wav'),
  data: base64.map((data) => `UklGR${data.slice(0, 3)}`),
  id,
  transcript: text,
});

/** The wire has no order between what it names apart. */
export const arbitraryChatReply: fc.Arbitrary<Reply> = replyOf({
  parts: fc
    .tuple(
      thoughts,
      maybe(spoken),
      maybe(refusal),
      fc.array(madeImages(), { maxLength: 2 }),
      fc.array(call, { maxLength: 3 }),
      maybe(custom),
      maybe(sound),
    )
    .map((groups): AssistantPart[] => groups.flat()),
  endingsOf: (parts) => {
    const length = { stop: 'length', rawStop: 'length' } as const;
    if (hasKind(parts, 'refusal')) return [{ stop: 'refusal', rawStop: 'stop' }, length];
    if (hasKind(parts, 'tool-call') || hasKind(parts, 'opaque'))
      return [{ stop: 'tool-calls', rawStop: 'tool_calls' }, length];
    return [{ stop: 'end', rawStop: 'stop' }, length, { stop: 'refusal', rawStop: 'content_filter' }];
  },
  usage: [
    'inputCacheRead',
    'inputCacheWrite',
    'inputAudio',
    'inputImage',
    'outputThinking',
    'outputAudio',
    'outputImage',
  ],
  serviceTiers: fc.constantFrom('default', 'flex'),
});
