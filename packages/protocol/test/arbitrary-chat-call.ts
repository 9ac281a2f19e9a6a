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
  marked,
  pdf,
  plainText,
  plainThinking,
  refusal,
  sealed,
  toolCall,
  turn,
} from './arbitrary-parts.ts';
import { cache, id, maybe, samplings, schema, seals, text } from './arbitrary-values.ts';
import { anyChoice, callOf, metadata } from './call-shape.ts';

const opaque = fc.record({
  kind: fc.constant('opaque' as const),
  dialect: fc.constant('openai-chat' as const),
  value: fc.record({ type: fc.constant('file'), file: fc.record({ file_id: id }) }),
});
const cited: fc.Arbitrary<TextPart> = fc.tuple(plainText, fc.webUrl()).map(([part, url]) => {
  const place = { start_index: 0, end_index: part.text.length };
  const value = { type: 'url_citation', url_citation: { url, title: 'A page', ...place } };
  const citation = { url, title: 'A page', start: 0, end: part.text.length };
  return { ...part, citations: [{ ...citation, wire: { dialect: 'openai-chat' as const, value } }] };
});
const sound: fc.Arbitrary<AssistantPart> = id.map((name) => ({
  kind: 'media',
  mediaType: 'audio/pcm',
  data: '',
  id: name,
}));

const question = asks(
  marked(plainText, cache),
  marked(images(imageUrl, ['auto', 'low', 'high']), cache),
  marked(images(imageInline), cache),
  audio,
  marked(files(pdf, true), cache),
  opaque,
);
/** Thinking and text come before refusals and calls, sound after all. */
const answer = turn(
  'assistant',
  fc
    .tuple(
      fc.oneof(
        maybe(plainThinking),
        fc.array(
          fc
            .tuple(plainThinking, seals('anthropic', 'google'))
            .map(([part, signature]) => ({ ...part, signature })),
          { minLength: 1, maxLength: 2 },
        ),
      ),
      fc.oneof(
        fc.array(marked(plainText, cache), { minLength: 1, maxLength: 2 }),
        cited.map((part) => [part]),
      ),
      maybe(refusal),
      fc.array(sealed(toolCall, seals('google')), { maxLength: 3 }),
      maybe(sound),
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
      parts: fc.array(plainText, { minLength: 1, maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
);
const calling: Message = {
  role: 'assistant',
  parts: [{ kind: 'tool-call', id: 'call_1', name: 'look', input: '{}' }],
};

/** Instructions before the first turn are read as `system`; results in a row answer one turn. */
const messages = fc
  .tuple(
    firstQuestion,
    fc.array(fc.tuple(fc.oneof(question, answer, instruction), fc.option(results)), { maxLength: 4 }),
  )
  .map(([first, rest]): Message[] => [
    first,
    ...rest.flatMap(([message, given]) => (given === null ? [message] : [calling, given, message])),
  ]);

const search = fc.constantFrom<Tool>(
  { kind: 'web-search', wire: { dialect: 'openai-chat', value: {} } },
  { kind: 'web-search', wire: { dialect: 'openai-chat', value: { search_context_size: 'low' } } },
);
const custom = id.map(
  (name): Tool => ({
    kind: 'opaque',
    dialect: 'openai-chat',
    value: { type: 'custom', custom: { name } },
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

export const arbitraryChatCall: fc.Arbitrary<Call> = callOf({
  dialect: 'openai-chat',
  messages,
  systems: fc.array(plainText, { maxLength: 2 }),
  samplings: samplings(['temperature', 'topP', 'topK', 'seed', 'frequencyPenalty', 'presencePenalty']),
  stop: fc.array(id, { maxLength: 5 }),
  formats,
  thinkings: fc.oneof<fc.Arbitrary<Thinking>[]>(
    fc.constant({ kind: 'off' }),
    fc.record({
      kind: fc.constant('effort' as const),
      effort: fc.constantFrom('minimal', 'low', 'medium', 'high', 'xhigh'),
    }),
  ),
  tools: {
    one: fc.oneof({ weight: 4, arbitrary: functions({ strict: true, cache }) }, custom, search),
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
    modalities: fc.constantFrom(['text'], ['text', 'audio']),
  },
  extras: fc.dictionary(
    fc.constantFrom('speed', 'store', 'prediction'),
    fc.constantFrom('fast', true, { type: 'content' }),
  ),
  isMaxRequired: false,
  canAskForUsage: true,
});
