import fc from 'fast-check';
import type {
  AssistantPart,
  Call,
  Message,
  OutputFormat,
  TextPart,
  Thinking,
  Tool,
  ToolResultPart,
  UserPart,
} from '../src/index.ts';
import {
  asks,
  audio,
  files,
  firstQuestion,
  functions,
  imageInline,
  images,
  imageUrl,
  madeImages,
  pdf,
  plainText,
  plainThinking,
  refusal,
  toolCall,
  turn,
} from './arbitrary-parts.ts';
import { base64, id, maybe, samplings, schema, some, text, tokenLogprob } from './arbitrary-values.ts';
import { anyChoice, callOf, metadata } from './call-shape.ts';

const fileUrl = fc.record({ kind: fc.constant('url' as const), url: fc.webUrl() });
const own = fc.record({
  maker: fc.constant('openai' as const),
  value: base64,
  id: id.map((name) => `rs_${name}`),
});
const opaqueContent: fc.Arbitrary<UserPart> = id.map((name) => ({
  kind: 'opaque',
  dialect: 'openai-responses',
  value: { type: 'input_file', file_id: `file-${name}` },
}));
const opaqueItem: fc.Arbitrary<AssistantPart> = id.map((name) => ({
  kind: 'opaque',
  dialect: 'openai-responses',
  value: { type: 'web_search_call', id: `ws_${name}`, status: 'completed' },
}));

const spoken: fc.Arbitrary<TextPart> = fc
  .tuple(
    plainText,
    some<Pick<TextPart, 'logprobs'> & { url?: string }>(
      { url: fc.webUrl(), logprobs: fc.array(tokenLogprob, { minLength: 1, maxLength: 2 }) },
      [],
    ),
  )
  .map(([part, { url, ...beside }]): TextPart => {
    if (url === undefined) return { ...part, ...beside };
    const value = { type: 'url_citation', url, title: 'A page', start_index: 0, end_index: part.text.length };
    const citation = { url, title: 'A page', start: 0, end: part.text.length };
    return { ...part, ...beside, citations: [{ ...citation, wire: { dialect: 'openai-responses', value } }] };
  });
const thinking: fc.Arbitrary<AssistantPart> = fc
  .tuple(plainThinking, fc.option(own))
  .map(([part, signature]) => (signature === null ? part : { ...part, signature }));
const image = fc
  .tuple(madeImages(), id)
  .map(([part, name]): AssistantPart => ({ ...part, id: `ig_${name}` }));

const question = asks(
  plainText,
  images(imageUrl, ['auto', 'low', 'high']),
  images(imageInline),
  audio,
  files(pdf, true),
  files(pdf, false),
  files(fileUrl, false),
  opaqueContent,
);
/** A model that refuses has said what it says. */
const answer = turn(
  'assistant',
  fc
    .tuple(
      fc.array(fc.oneof<fc.Arbitrary<AssistantPart>[]>(spoken, thinking, toolCall, image, opaqueItem), {
        minLength: 1,
        maxLength: 4,
      }),
      maybe(refusal),
    )
    .map((groups): AssistantPart[] => groups.flat()),
);
const instruction = turn('system', fc.array(plainText, { minLength: 1, maxLength: 2 }));
const results = turn(
  'user',
  fc.array<ToolResultPart>(
    fc.record({
      kind: fc.constant('tool-result' as const),
      callId: id,
      parts: fc.array(fc.oneof(plainText, images(imageInline), files(pdf, true)), {
        minLength: 1,
        maxLength: 2,
      }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
);

/** Items of the model in a row are one turn, and instructions before the first turn are `system`. */
const messages = fc
  .tuple(
    firstQuestion,
    fc.array(fc.tuple(answer, fc.oneof(question, results), fc.option(instruction)), { maxLength: 3 }),
  )
  .map(([first, rest]): Message[] => [
    first,
    ...rest.flatMap(([said, next, told]) => (told === null ? [said, next] : [said, next, told])),
  ]);

const search = fc.oneof(
  fc.constant<Tool>({
    kind: 'web-search',
    wire: { dialect: 'openai-responses', value: { type: 'web_search' } },
  }),
  fc.domain().map(
    (domain): Tool => ({
      kind: 'web-search',
      allowedDomains: [domain],
      wire: {
        dialect: 'openai-responses',
        value: { type: 'web_search', filters: { allowed_domains: [domain] } },
      },
    }),
  ),
);
const mcp = id.map(
  (label): Tool => ({
    kind: 'opaque',
    dialect: 'openai-responses',
    value: { type: 'mcp', server_label: label },
  }),
);
const formats = fc.oneof(
  fc.constantFrom<OutputFormat>({ kind: 'text' }, { kind: 'json' }),
  fc.record({
    kind: fc.constant('schema' as const),
    name: id,
    schema,
    strict: fc.boolean(),
    description: text,
  }),
);

export const arbitraryResponsesCall: fc.Arbitrary<Call> = callOf({
  dialect: 'openai-responses',
  messages,
  systems: fc.array(plainText, { maxLength: 2 }),
  samplings: samplings(['temperature', 'topP', 'topK', 'seed', 'frequencyPenalty', 'presencePenalty']),
  stop: fc.array(id, { maxLength: 2 }),
  formats,
  thinkings: fc.oneof<fc.Arbitrary<Thinking>[]>(
    fc.constant({ kind: 'off' }),
    fc.record({
      kind: fc.constant('effort' as const),
      effort: fc.constantFrom('minimal', 'low', 'medium', 'high', 'xhigh'),
    }),
  ),
  tools: {
    one: fc.oneof({ weight: 4, arbitrary: functions({ strict: true }) }, mcp, search),
    choicesOf: anyChoice,
    canBeSingle: true,
  },
  wishes: {
    user: id,
    logprobs: fc.record({ top: fc.integer({ min: 0, max: 5 }) }),
    serviceTier: fc.constantFrom('auto', 'default', 'flex'),
    metadata,
    promptCacheKey: id,
    safetyIdentifier: id,
    verbosity: fc.constantFrom('low', 'high'),
  },
  extras: fc.dictionary(
    fc.constantFrom('store', 'truncation', 'reasoning.summary'),
    fc.constantFrom('auto', true),
  ),
  isMaxRequired: false,
  canAskForUsage: false,
});
