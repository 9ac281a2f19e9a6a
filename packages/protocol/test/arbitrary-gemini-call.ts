import fc from 'fast-check';
import type {
  AssistantPart,
  Call,
  JsonObject,
  Message,
  OutputFormat,
  Thinking,
  Tool,
  ToolResultPart,
  UserPart,
} from '../src/index.ts';
import {
  audio,
  files,
  firstQuestion,
  functions,
  imageInline,
  images,
  imageUrl,
  madeImages,
  pdf,
  pdfUrl,
  plainText,
  plainThinking,
  sealed,
  textFile,
  toolCall,
  turn,
} from './arbitrary-parts.ts';
import { id, inputObject, samplings, schema, seals, text } from './arbitrary-values.ts';
import { callOf, metadata } from './call-shape.ts';

const google = seals('google');
const opaque = fc.record({
  kind: fc.constant('opaque' as const),
  dialect: fc.constant('gemini' as const),
  value: fc.record({ executableCode: fc.record({ language: fc.constant('PYTHON'), code: text }) }),
});
const media = [images(imageUrl), images(imageInline, ['low', 'high'])] as const;

/** The result of a tool is one object, and its media stand beside it. */
const result: fc.Arbitrary<ToolResultPart> = fc
  .tuple(
    id,
    fc.option(fc.oneof(text, inputObject)),
    fc.array(fc.oneof(images(imageUrl), images(imageInline), files(pdf, false)), { maxLength: 2 }),
    fc.boolean(),
  )
  .map(([callId, said, shown, isError]) => ({
    kind: 'tool-result',
    callId,
    parts: [...(said === null ? [] : [{ kind: 'text' as const, text: said }]), ...shown],
    ...(isError && { isError }),
  }));

const asked: fc.Arbitrary<UserPart[]> = fc
  .tuple(
    fc.array(result, { maxLength: 2 }),
    fc.array(
      fc.oneof<fc.Arbitrary<UserPart>[]>(
        plainText,
        ...media,
        audio,
        files(pdf, false),
        files(pdfUrl, false),
        files(textFile, false),
        opaque,
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map((groups): UserPart[] => groups.flat());

const said = fc.array(
  fc.oneof<fc.Arbitrary<AssistantPart>[]>(
    sealed(plainText, google),
    sealed(plainThinking, google),
    sealed(toolCall, google),
    sealed(madeImages(), google),
    opaque,
  ),
  { minLength: 1, maxLength: 4 },
);

/** Turns of the model in a row would be read as one. */
const messages = fc
  .array(fc.tuple(turn('user', asked), turn('assistant', said)), { minLength: 1, maxLength: 3 })
  .chain((turns) =>
    firstQuestion.map((first): Message[] => [
      first,
      { role: 'assistant', parts: [{ kind: 'text', text: 'Well?' }] },
      ...turns.flat(),
    ]),
  );

const search = fc.constant<Tool>({
  kind: 'web-search',
  wire: { dialect: 'gemini', value: { googleSearch: {} } },
});
const formats = fc.oneof(
  fc.constantFrom<OutputFormat>({ kind: 'text' }, { kind: 'json' }),
  fc.record({ kind: fc.constant('schema' as const), name: fc.constant('response'), schema }),
);
const extras: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom(
    'cachedContent',
    'safetySettings',
    'generationConfig.speechConfig',
    'toolConfig.retrievalConfig',
  ),
  fc.constantFrom<JsonObject>({ a: [1] }, { b: { c: 'd' } }),
);

const budget = fc.record({
  kind: fc.constant('budget' as const),
  tokens: fc.integer({ min: 1, max: 60_000 }),
});
const adaptive = fc.constant<Thinking>({ kind: 'adaptive' });

/** Gemini 3 takes levels, those before it budgets. */
function geminiCall(model: string, thinkings: fc.Arbitrary<Thinking>): fc.Arbitrary<Call> {
  return callOf({
    dialect: 'gemini',
    messages,
    systems: fc.array(plainText, { maxLength: 2 }),
    samplings: samplings(['temperature', 'topP', 'topK', 'seed', 'frequencyPenalty', 'presencePenalty']),
    stop: fc.array(id, { maxLength: 3 }),
    formats,
    thinkings,
    tools: {
      one: fc.oneof(functions({}), search),
      choicesOf: (names) =>
        fc.oneof(
          fc.constantFrom(
            { kind: 'auto' as const },
            { kind: 'none' as const },
            { kind: 'required' as const },
          ),
          fc.constant({ kind: 'tool' as const, name: names[0] }),
          fc.constant({ kind: 'allowed' as const, names, isRequired: names.length > 1 }),
        ),
      canBeSingle: false,
    },
    wishes: {
      logprobs: fc.record({ top: fc.integer({ min: 0, max: 5 }) }),
      serviceTier: fc.constantFrom('default', 'flex', 'priority'),
      metadata,
      modalities: fc.constantFrom(['text'], ['text', 'image'], ['audio']),
    },
    extras,
    isMaxRequired: false,
    canAskForUsage: false,
  }).map((call) => ({ ...call, model }));
}

const level = fc.record({
  kind: fc.constant('effort' as const),
  effort: fc.constantFrom('minimal', 'low', 'medium', 'high'),
});

export const arbitraryGeminiCall: fc.Arbitrary<Call> = fc.oneof(
  geminiCall('gemini-3-flash', fc.oneof<fc.Arbitrary<Thinking>[]>(adaptive, budget, level)),
  geminiCall(
    'gemini-2.5-flash',
    fc.oneof<fc.Arbitrary<Thinking>[]>(fc.constant({ kind: 'off' }), adaptive, budget),
  ),
);
