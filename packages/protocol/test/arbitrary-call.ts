import fc from 'fast-check';
import type {
  AssistantPart,
  CacheMark,
  Call,
  CallerDialectId,
  ImagePart,
  Message,
  OutputFormat,
  Sampling,
  TextPart,
  Thinking,
  Tool,
  ToolChoice,
  ToolResultPart,
  UserPart,
} from '../src/index.ts';

/** Calls as one dialect can say them. */
export function arbitraryCall(dialect: CallerDialectId): fc.Arbitrary<Call> {
  return dialect === 'openai-chat' ? openaiCall : anthropicCall;
}

const text = fc.string({ minLength: 1, unit: 'grapheme' });
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,16}$/);
const schema = fc.constantFrom({ type: 'object' }, { type: 'object', properties: { a: { type: 'string' } } });
const json = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.jsonValue())
  .map((value) => JSON.stringify(value));
const some = <Value extends object>(
  model: { [K in keyof Value]: fc.Arbitrary<Value[K]> },
  required: (keyof Value)[],
) => fc.record(model, { requiredKeys: required as [] });

const cache = fc.constantFrom<CacheMark>({ lifetime: '5m' }, { lifetime: '1h' });
const plainText: fc.Arbitrary<TextPart> = fc.record({ kind: fc.constant('text' as const), text });
const markedText: fc.Arbitrary<TextPart> = fc.oneof(
  plainText,
  fc.record({ kind: fc.constant('text' as const), text, cache }),
);
const source: fc.Arbitrary<ImagePart['source']> = fc.oneof(
  fc.record({ kind: fc.constant('url' as const), url: fc.webUrl() }),
  fc.record({
    kind: fc.constant('base64' as const),
    mediaType: fc.constant('image/png'),
    data: fc.base64String(),
  }),
);
const image = (keys: { detail?: true; cache?: true }): fc.Arbitrary<ImagePart> => {
  const plain = fc.record({ kind: fc.constant('image' as const), source });
  if (keys.detail)
    return fc
      .tuple(plain, fc.constantFrom('low' as const, 'high' as const))
      .map(([part, detail]) => ({ ...part, detail }));
  return keys.cache ? fc.tuple(plain, cache).map(([part, mark]) => ({ ...part, cache: mark })) : plain;
};
const toolCall = fc.record({ kind: fc.constant('tool-call' as const), id, name: id, input: json });
const turn = <Role extends string, Part>(
  role: Role,
  parts: fc.Arbitrary<Part[]>,
): fc.Arbitrary<{ role: Role; parts: Part[] }> => fc.record({ role: fc.constant(role), parts });

const tool = (cached: boolean): fc.Arbitrary<Tool> =>
  fc
    .tuple(
      id,
      fc.option(text),
      schema,
      fc.option(fc.boolean()),
      cached ? fc.option(cache) : fc.constant(null),
    )
    .map(
      ([name, description, parameters, strict, mark]): Tool => ({
        kind: 'function',
        name,
        schema: parameters,
        ...(description === null ? {} : { description }),
        ...(strict === null ? {} : { strict }),
        ...(mark === null ? {} : { cache: mark }),
      }),
    );
const choice: fc.Arbitrary<ToolChoice> = fc.oneof(
  fc.constantFrom<ToolChoice>({ kind: 'auto' }, { kind: 'required' }),
  fc.record({ kind: fc.constant('tool' as const), name: id }),
);
const effort = fc.constantFrom('low', 'medium', 'high', 'xhigh', 'max');

/** The wire puts results into messages of their own, and thinking and text before calls. */
const openaiMessage: fc.Arbitrary<Message> = fc.oneof(
  turn(
    'user' as const,
    fc.array(fc.oneof<fc.Arbitrary<UserPart>[]>(plainText, image({}), image({ detail: true })), {
      minLength: 1,
      maxLength: 3,
    }),
  ),
  turn(
    'assistant' as const,
    fc
      .tuple(
        fc.array(fc.record({ kind: fc.constant('thinking' as const), text }), { maxLength: 1 }),
        fc.array(plainText, { minLength: 1, maxLength: 2 }),
        fc.array(toolCall, { maxLength: 3 }),
      )
      .map((groups): AssistantPart[] => groups.flat()),
  ),
  turn('system' as const, fc.array(plainText, { minLength: 1, maxLength: 2 })),
);
const openaiResults: fc.Arbitrary<Message> = turn(
  'user' as const,
  fc.array<ToolResultPart>(
    fc.record({
      kind: fc.constant('tool-result' as const),
      callId: id,
      parts: fc.array(plainText, { minLength: 1, maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
);
/** A first turn of system would be read as instructions; results answer the calls of the turn before them. */
const openaiMessages = fc
  .tuple(openaiMessage, fc.array(fc.tuple(openaiMessage, fc.option(openaiResults)), { maxLength: 4 }))
  .map(([first, rest]): Message[] => [
    ...(first.role === 'system' ? [] : [first]),
    { role: 'assistant', parts: [{ kind: 'text', text: 'Well?' }] },
    ...rest.flatMap(([message, results]) => (results === null ? [message] : [calling, results, message])),
  ]);
const calling: Message = {
  role: 'assistant',
  parts: [{ kind: 'tool-call', id: 'call_1', name: 'look', input: '{}' }],
};

const result = some<ToolResultPart>(
  {
    kind: fc.constant('tool-result'),
    callId: id,
    parts: fc.array(fc.oneof(markedText, image({})), { maxLength: 2 }),
    isError: fc.boolean(),
    cache,
  },
  ['kind', 'callId', 'parts'],
) as fc.Arbitrary<ToolResultPart>;
const opaquePart = fc.record({
  kind: fc.constant('opaque' as const),
  dialect: fc.constant('anthropic-messages' as const),
  value: fc.record({ type: fc.constantFrom('document', 'redacted_thinking'), data: id }),
});
const anthropicMessage: fc.Arbitrary<Message> = fc.oneof(
  turn(
    'user' as const,
    fc
      .tuple(
        fc.array(result, { maxLength: 2 }),
        fc.array(
          fc.oneof<fc.Arbitrary<UserPart>[]>(markedText, image({}), image({ cache: true }), opaquePart),
          { minLength: 1, maxLength: 3 },
        ),
      )
      .map((groups): UserPart[] => groups.flat()),
  ),
  turn(
    'assistant' as const,
    fc.array(
      fc.oneof<fc.Arbitrary<AssistantPart>[]>(
        markedText,
        toolCall,
        opaquePart,
        fc.record({
          kind: fc.constant('thinking' as const),
          text,
          signature: fc.record({ maker: fc.constant('anthropic' as const), value: id }),
        }),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  ),
  turn('system' as const, fc.array(markedText, { minLength: 1, maxLength: 2 })),
);

const thinkings = fc.oneof(
  fc.constantFrom<Thinking>({ kind: 'off' }, { kind: 'adaptive' }),
  fc.record({ kind: fc.constant('adaptive' as const), effort }),
  fc.record({ kind: fc.constant('budget' as const), tokens: fc.integer({ min: 1_024, max: 60_000 }) }),
  fc.record({ kind: fc.constant('effort' as const), effort }),
);
const number = fc.double({ min: 0, max: 2, noNaN: true }).map((value) => value + 0);
const sampling = (keys: (keyof Sampling)[]): fc.Arbitrary<Sampling> =>
  fc
    .subarray(keys)
    .chain((names) =>
      fc.record(
        Object.fromEntries(
          names.map((name) => [name, name === 'seed' || name === 'topK' ? fc.nat() : number]),
        ),
      ),
    );

type Shape = {
  dialect: CallerDialectId;
  messages: fc.Arbitrary<Message[]>;
  systems: fc.Arbitrary<TextPart[]>;
  formats: fc.Arbitrary<OutputFormat>;
  thinkings: fc.Arbitrary<Thinking>;
  samplings: fc.Arbitrary<Sampling>;
  tools: fc.Arbitrary<Tool>;
  alwaysMax: boolean;
};

function callOf(shape: Shape): fc.Arbitrary<Call> {
  const stream = fc.boolean();
  const withTools = fc.record({
    list: fc.array(shape.tools, { minLength: 1, maxLength: 3 }),
    choice,
    parallel: fc.option(fc.boolean()),
  });
  return fc
    .tuple(
      fc.record({
        model: id,
        system: shape.systems,
        messages: shape.messages,
        sampling: shape.samplings,
        stop: fc.array(id, { maxLength: 3 }),
      }),
      fc.option(withTools),
      fc.record({
        format: fc.option(shape.formats),
        thinking: fc.option(shape.thinkings),
        user: fc.option(id),
        stream,
      }),
      shape.alwaysMax ? fc.integer({ min: 1, max: 64_000 }) : fc.option(fc.integer({ min: 1, max: 64_000 })),
      fc.dictionary(fc.constantFrom('speed', 'service_tier', 'store'), fc.constantFrom('fast', 'flex', true)),
    )
    .map(
      ([base, tools, { format, thinking, user, stream: isStream }, max, fields]): Call => ({
        ...base,
        tools: tools?.list ?? [],
        ...(tools === null ? {} : { toolChoice: tools.choice }),
        ...(tools === null || tools.parallel === null ? {} : { parallelTools: tools.parallel }),
        ...(format === null ? {} : { format }),
        ...(thinking === null ? {} : { thinking }),
        ...(user === null ? {} : { user }),
        ...(max === null ? {} : { outputTokensMax: max }),
        stream: isStream,
        streamUsage: isStream && shape.dialect === 'openai-chat',
        extra: { dialect: shape.dialect, fields: { ...fields } },
      }),
    );
}

const openaiCall = callOf({
  dialect: 'openai-chat',
  messages: openaiMessages,
  systems: fc.array(plainText, { maxLength: 2 }),
  formats: fc.oneof(
    fc.constantFrom<OutputFormat>({ kind: 'text' }, { kind: 'json' }),
    fc.record({
      kind: fc.constant('schema' as const),
      name: id,
      schema,
      strict: fc.boolean(),
      description: text,
    }),
  ),
  thinkings: fc.oneof(
    fc.constant<Thinking>({ kind: 'off' }),
    fc.record({ kind: fc.constant('effort' as const), effort: fc.oneof(effort, fc.constant('minimal')) }),
  ),
  samplings: sampling(['temperature', 'topP', 'topK', 'seed', 'frequencyPenalty', 'presencePenalty']),
  tools: tool(false),
  alwaysMax: false,
});

const anthropicCall = callOf({
  dialect: 'anthropic-messages',
  messages: fc.array(anthropicMessage, { minLength: 1, maxLength: 5 }),
  systems: fc.array(markedText, { maxLength: 2 }),
  formats: fc.record({ kind: fc.constant('schema' as const), name: fc.constant('response'), schema }),
  thinkings,
  samplings: sampling(['temperature', 'topP', 'topK']),
  tools: tool(true),
  alwaysMax: true,
});
