import fc from 'fast-check';
import type {
  AssistantPart,
  Call,
  FilePart,
  Message,
  TextPart,
  Thinking,
  Tool,
  ToolResultPart,
  UserPart,
} from '../src/index.ts';
import {
  files,
  firstQuestion,
  functions,
  imageInline,
  images,
  imageUrl,
  marked,
  pdf,
  pdfUrl,
  plainText,
  plainThinking,
  textFile,
  toolCall,
  turn,
} from './arbitrary-parts.ts';
import { base64, cache, id, samplings, schema, seals, some } from './arbitrary-values.ts';
import { callOf } from './call-shape.ts';

const markedText = marked(plainText, cache);
const documents: fc.Arbitrary<FilePart>[] = [
  files(pdf, true),
  files(pdf, false),
  files(pdfUrl, false),
  files(textFile, true),
];
const shown = [markedText, marked(images(imageUrl), cache), images(imageInline), ...documents];
const opaque = fc.record({
  kind: fc.constant('opaque' as const),
  dialect: fc.constant('anthropic-messages' as const),
  value: fc.record({ type: fc.constantFrom('container_upload', 'search_result'), data: id }),
});

const result = some<ToolResultPart>(
  {
    kind: fc.constant('tool-result'),
    callId: id,
    parts: fc.array(fc.oneof<fc.Arbitrary<ToolResultPart['parts'][number]>[]>(...shown), { maxLength: 2 }),
    isError: fc.boolean(),
    cache,
  },
  ['kind', 'callId', 'parts'],
);

const cited: fc.Arbitrary<TextPart> = fc.tuple(plainText, fc.webUrl()).map(([part, url]) => {
  const value = {
    type: 'web_search_result_location',
    url,
    title: 'A page',
    cited_text: 'It says.',
    encrypted_index: 'x',
  };
  const citation = { url, title: 'A page', quote: 'It says.' };
  return { ...part, citations: [{ ...citation, wire: { dialect: 'anthropic-messages', value } }] };
});
const thinking: fc.Arbitrary<AssistantPart> = fc
  .tuple(plainThinking, seals('anthropic'))
  .map(([part, signature]) => ({ ...part, signature }));
const redacted: fc.Arbitrary<AssistantPart> = base64.map((value) => ({
  kind: 'thinking',
  text: '',
  signature: { maker: 'anthropic', value, isRedacted: true },
}));

/** Results come first in their turn. */
const question = turn(
  'user',
  fc
    .tuple(
      fc.array(result, { maxLength: 2 }),
      fc.array(fc.oneof<fc.Arbitrary<UserPart>[]>(...shown, opaque), { minLength: 1, maxLength: 3 }),
    )
    .map((groups): UserPart[] => groups.flat()),
);
const answer = turn(
  'assistant',
  fc.array(
    fc.oneof<fc.Arbitrary<AssistantPart>[]>(
      markedText,
      cited,
      marked(toolCall, cache),
      opaque,
      thinking,
      redacted,
    ),
    { minLength: 1, maxLength: 4 },
  ),
);
const instruction = turn('system', fc.array(markedText, { minLength: 1, maxLength: 2 }));
const messages = fc
  .tuple(
    firstQuestion,
    fc.array(fc.oneof<fc.Arbitrary<Message>[]>(question, answer, instruction), { maxLength: 4 }),
  )
  .map(([first, rest]): Message[] => [first, ...rest]);

const search = some<{ usesMax: number; allowedDomains: string[] }>(
  {
    usesMax: fc.integer({ min: 1, max: 9 }),
    allowedDomains: fc.array(fc.domain(), { minLength: 1, maxLength: 2 }),
  },
  [],
).map(
  ({ usesMax, allowedDomains }): Tool => ({
    kind: 'web-search',
    ...(usesMax !== undefined && { usesMax }),
    ...(allowedDomains && { allowedDomains }),
    wire: {
      dialect: 'anthropic-messages',
      value: {
        type: 'web_search_20250305',
        name: 'web_search',
        ...(usesMax !== undefined && { max_uses: usesMax }),
        ...(allowedDomains && { allowed_domains: allowedDomains }),
      },
    },
  }),
);
const computer: fc.Arbitrary<Tool> = id.map((name) => ({
  kind: 'opaque',
  dialect: 'anthropic-messages',
  value: { type: 'bash_20250124', name },
}));
const effort = fc.constantFrom('low', 'medium', 'high', 'xhigh', 'max');

export const arbitraryMessagesCall: fc.Arbitrary<Call> = callOf({
  dialect: 'anthropic-messages',
  messages,
  systems: fc.array(markedText, { maxLength: 2 }),
  samplings: samplings(['temperature', 'topP', 'topK']),
  stop: fc.array(id, { maxLength: 5 }),
  formats: fc.record({ kind: fc.constant('schema' as const), name: fc.constant('response'), schema }),
  thinkings: fc.oneof<fc.Arbitrary<Thinking>[]>(
    fc.constantFrom({ kind: 'off' }, { kind: 'adaptive' }),
    fc.record({ kind: fc.constant('adaptive' as const), effort }),
    fc.record({ kind: fc.constant('budget' as const), tokens: fc.integer({ min: 1_024, max: 60_000 }) }),
    fc.record({ kind: fc.constant('effort' as const), effort }),
  ),
  tools: {
    one: fc.oneof({ weight: 4, arbitrary: functions({ strict: true, cache }) }, computer, search),
    // The switch for parallel calls is part of the choice, and `none` has no room for it.
    choicesOf: ([name]) =>
      fc.oneof(
        fc.constantFrom({ kind: 'auto' as const }, { kind: 'required' as const }),
        fc.constant({ kind: 'tool' as const, name }),
      ),
    canBeSingle: false,
  },
  wishes: { user: id, serviceTier: fc.constantFrom('auto', 'default') },
  extras: fc.dictionary(fc.constantFrom('container', 'speed'), fc.constantFrom('fast', 'box')),
  isMaxRequired: true,
  canAskForUsage: false,
}).chain((call) => {
  if (call.toolChoice === undefined) return fc.constant(call);
  return fc
    .option(fc.boolean())
    .map((parallelTools) => (parallelTools === null ? call : { ...call, parallelTools }));
});
