import fc from 'fast-check';
import type { AssistantPart, Reply, TextPart, ThinkingPart } from '../src/index.ts';
import { madeImages, plainText, plainThinking, refusal, sealed, toolCall } from './arbitrary-parts.ts';
import { base64, id, maybe, seals, some, tokenLogprob } from './arbitrary-values.ts';
import { hasKind, replyOf } from './reply-shape.ts';

type Beside = Pick<TextPart, 'logprobs' | 'signature'> & { url?: string };

const foreign = seals('google', 'anthropic');
const own = fc.record({
  maker: fc.constant('openai' as const),
  value: base64,
  id: id.map((name) => `rs_${name}`),
});
const redacted: fc.Arbitrary<ThinkingPart> = base64.map((value) => ({
  kind: 'thinking',
  text: '',
  signature: { maker: 'anthropic', value, isRedacted: true },
}));

const spoken: fc.Arbitrary<TextPart> = fc
  .tuple(
    plainText,
    some<Beside>(
      {
        url: fc.webUrl(),
        logprobs: fc.array(tokenLogprob, { minLength: 1, maxLength: 2 }),
        signature: foreign,
      },
      [],
    ),
  )
  .map(([part, { url, ...beside }]): TextPart => {
    if (url === undefined) return { ...part, ...beside };
    const value = { type: 'url_citation', url, title: 'A page', start_index: 0, end_index: part.text.length };
    const citation = { url, title: 'A page', start: 0, end: part.text.length };
    return { ...part, ...beside, citations: [{ ...citation, wire: { dialect: 'openai-responses', value } }] };
  });

const search: fc.Arbitrary<AssistantPart> = id.map((name) => ({
  kind: 'opaque',
  dialect: 'openai-responses',
  value: {
    id: `ws_${name}`,
    type: 'web_search_call',
    status: 'completed',
    action: { type: 'search', query: name },
  },
}));
const image = fc
  .tuple(madeImages(), id)
  .map(([part, name]): AssistantPart => ({ ...part, id: `ig_${name}` }));

export const arbitraryResponsesReply: fc.Arbitrary<Reply> = replyOf({
  // A model that refuses has said what it says.
  parts: fc
    .tuple(
      fc.array(
        fc.oneof<fc.Arbitrary<AssistantPart>[]>(
          spoken,
          sealed(plainThinking, fc.oneof(own, foreign)),
          redacted,
          sealed(toolCall, foreign),
          image,
          search,
        ),
        { maxLength: 5 },
      ),
      maybe(refusal),
    )
    .map((groups): AssistantPart[] => groups.flat()),
  endingsOf: (parts) => {
    const length = { stop: 'length', rawStop: 'max_output_tokens' } as const;
    if (hasKind(parts, 'refusal')) return [{ stop: 'refusal', rawStop: 'completed' }, length];
    if (hasKind(parts, 'tool-call')) return [{ stop: 'tool-calls', rawStop: 'completed' }, length];
    return [{ stop: 'end', rawStop: 'completed' }, length, { stop: 'refusal', rawStop: 'content_filter' }];
  },
  usage: ['inputCacheRead', 'inputAudio', 'inputImage', 'outputThinking', 'outputAudio', 'outputImage'],
  serviceTiers: fc.constantFrom('default', 'flex'),
}).map(
  // The wire always tells these two, and the tools that ran as items.
  (reply): Reply => ({
    ...reply,
    ...toolUsesIn(reply),
    usage: { inputCacheRead: 0, outputThinking: 0, ...reply.usage },
  }),
);

function toolUsesIn({ parts }: Reply): Pick<Reply, 'toolUses'> {
  const webSearch = parts.filter((part) => part.kind === 'opaque').length;
  const imageGeneration = parts.filter((part) => part.kind === 'media').length;
  const toolUses = {
    ...(webSearch > 0 ? { webSearch } : {}),
    ...(imageGeneration > 0 ? { imageGeneration } : {}),
  };
  return Object.keys(toolUses).length > 0 ? { toolUses } : {};
}
