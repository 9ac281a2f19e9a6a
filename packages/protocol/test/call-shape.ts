import fc from 'fast-check';
import type {
  Call,
  CallerDialectId,
  JsonObject,
  Message,
  OutputFormat,
  Sampling,
  TextPart,
  Thinking,
  Tool,
  ToolChoice,
} from '../src/index.ts';
import { id, some } from './arbitrary-values.ts';

/** Fields that a call may do without. */
type Wishes = Pick<
  Call,
  | 'user'
  | 'logprobs'
  | 'serviceTier'
  | 'metadata'
  | 'promptCacheKey'
  | 'safetyIdentifier'
  | 'verbosity'
  | 'modalities'
>;

/** What one wire can say. */
export type CallShape = {
  dialect: CallerDialectId;
  messages: fc.Arbitrary<Message[]>;
  systems: fc.Arbitrary<TextPart[]>;
  samplings: fc.Arbitrary<Sampling>;
  stop: fc.Arbitrary<string[]>;
  formats?: fc.Arbitrary<OutputFormat>;
  thinkings?: fc.Arbitrary<Thinking>;
  /** `choicesOf` the names of the tools that the call has. */
  tools?: {
    one: fc.Arbitrary<Tool>;
    choicesOf: (names: [string, ...string[]]) => fc.Arbitrary<ToolChoice>;
    canBeSingle: boolean;
  };
  wishes: { [Key in keyof Wishes]: fc.Arbitrary<Exclude<Wishes[Key], undefined>> };
  extras: fc.Arbitrary<JsonObject>;
  isMaxRequired: boolean;
  /** Whether a caller can ask for usage at the end of a stream. */
  canAskForUsage: boolean;
};

export const metadata = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,8}$/),
  fc.stringMatching(/^[a-z0-9]{0,8}$/),
  {
    minKeys: 1,
    maxKeys: 3,
  },
);

/** Every kind of choice among tools of these names. */
export function anyChoice(names: [string, ...string[]]): fc.Arbitrary<ToolChoice> {
  return fc.oneof(
    fc.constantFrom<ToolChoice>({ kind: 'auto' }, { kind: 'none' }, { kind: 'required' }),
    fc.constant<ToolChoice>({ kind: 'tool', name: names[0] }),
    fc.boolean().map((isRequired): ToolChoice => ({ kind: 'allowed', names, isRequired })),
  );
}

export function callOf(shape: CallShape): fc.Arbitrary<Call> {
  const wishNames = Object.keys(shape.wishes);
  return fc
    .record({
      base: fc.record({
        model: id,
        system: shape.systems,
        messages: shape.messages,
        sampling: shape.samplings,
        stop: shape.stop,
      }),
      tools: fc.option(toolsOf(shape)),
      format: fc.option(shape.formats ?? fc.constant(undefined)),
      thinking: fc.option(shape.thinkings ?? fc.constant(undefined)),
      max: fc.option(fc.integer({ min: 1, max: 64_000 }), { freq: shape.isMaxRequired ? 1_000_000 : 5 }),
      wishes:
        wishNames.length === 0
          ? fc.constant({})
          : some<Wishes>(shape.wishes as Required<typeof shape.wishes>, []),
      stream: fc.boolean(),
      fields: shape.extras,
    })
    .map(
      ({ base, tools, format, thinking, max, wishes, stream, fields }): Call => ({
        ...base,
        tools: [],
        ...tools,
        ...(format && { format }),
        ...(thinking && { thinking }),
        ...(max === null && !shape.isMaxRequired ? {} : { outputTokensMax: max ?? 1 }),
        ...wishes,
        stream,
        streamUsage: stream && shape.canAskForUsage,
        extra: { dialect: shape.dialect, fields: { ...fields } },
      }),
    );
}

/** Tools with names of their own, and a choice among them. */
function toolsOf({ tools }: CallShape): fc.Arbitrary<Pick<Call, 'tools' | 'toolChoice' | 'parallelTools'>> {
  if (tools === undefined) return fc.constant({ tools: [] });
  const { one, choicesOf, canBeSingle } = tools;
  return fc
    .array(one, { minLength: 1, maxLength: 3 })
    .map((list) =>
      list
        .filter(isFirstSearch)
        .toSorted(functionsFirst)
        .map((tool, place) => (tool.kind === 'function' ? { ...tool, name: `${tool.name}${place}` } : tool)),
    )
    .chain((list) => {
      const [first, ...rest] = list.flatMap((tool) => (tool.kind === 'function' ? [tool.name] : []));
      const choice = first === undefined ? fc.constant(null) : fc.option(choicesOf([first, ...rest]));
      const parallel = canBeSingle ? fc.option(fc.boolean()) : fc.constant(null);
      return fc.tuple(choice, parallel).map(([toolChoice, parallelTools]) => ({
        tools: list,
        ...(toolChoice && { toolChoice }),
        ...(parallelTools !== null && { parallelTools }),
      }));
    });
}

/** Nobody asks twice for a search of the web. */
function isFirstSearch(tool: Tool, place: number, list: Tool[]): boolean {
  return tool.kind !== 'web-search' || list.findIndex((one) => one.kind === 'web-search') === place;
}

/** Some wires keep functions apart from the tools that a provider runs, and the web search from both. */
const ORDER = ['function', 'opaque', 'web-search'];

function functionsFirst(one: Tool, other: Tool): number {
  return ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind);
}
