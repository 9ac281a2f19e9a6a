import type { AssistantPart, Call, TextPart, ToolResultPart, UserPart } from '../src/index.ts';
import type { Words } from '../src/words.ts';

type Part = UserPart | AssistantPart;
type Inner = Part | ToolResultPart['parts'][number];

/** Every part of a conversation, those inside of results too. */
export function partsOf(call: Call): Inner[] {
  const said = call.messages.flatMap(({ parts }): Inner[] => [...parts]);
  const opened = said.flatMap((part): Inner[] =>
    part.kind === 'tool-result' ? [part, ...part.parts] : [part],
  );
  return [...call.system, ...opened];
}

/** What is said in a conversation: outside of results in its order, and in every result. */
export type Spoken = { said: string; results: [string, string][] };

/**
 * A refusal is text where the wire has no word for it, and a text file may be one. Results come first in their turn on
 * some wires, so their order is their own.
 */
export function spokenIn(call: Call, withFiles: boolean): Spoken {
  const textOf = (part: Part | ToolResultPart['parts'][number]): string => {
    if (part.kind === 'text' || part.kind === 'refusal') return part.text;
    return withFiles && part.kind === 'file' && part.source.kind === 'text' ? part.source.text : '';
  };
  const parts = [...call.system, ...call.messages.flatMap(({ parts }): Part[] => [...parts])];
  const results = parts.filter((part) => part.kind === 'tool-result');
  return spoken(
    parts.map(textOf).join(''),
    results.map(({ callId, parts: given }) => [callId, given.map(textOf).join('')]),
  );
}

/** An instruction inside a conversation is marked as what it is where the wire has no word for it. */
export function spoken(said: string, results: [string, string][]): Spoken {
  const plain = said.replaceAll('<system>\n', '').replaceAll('\n</system>', '');
  return {
    said: plain,
    results: results.toSorted(([one], [other]) => (one < other ? -1 : Number(one > other))),
  };
}

/** The calls of tools and which results answer them. */
export function toolsIn(call: Call): unknown[] {
  return partsOf(call).flatMap((part) => {
    if (part.kind === 'tool-call')
      return [[part.id, part.name, JSON.parse(part.input === '' ? '{}' : part.input)]];
    return part.kind === 'tool-result' ? [['result', part.callId]] : [];
  });
}

type Aspect = [keyof Words, (call: Call) => unknown];

/** Results and what they show come first in their turn on some wires. */
function byText(one: unknown, other: unknown): number {
  const [text = '', rest = ''] = [one, other].map((value) => JSON.stringify(value) ?? '');
  return text < rest ? -1 : Number(text > rest);
}

const picks =
  <Kind extends Inner['kind'], Value>(kind: Kind, pick: (part: Inner & { kind: Kind }) => Value) =>
  (call: Call): Value[] =>
    partsOf(call)
      .filter((part): part is Inner & { kind: Kind } => part.kind === kind)
      .map(pick)
      .toSorted(byText);

const functionsOf = (call: Call) => call.tools.filter((tool) => tool.kind === 'function');
const texts = picks('text', (part: TextPart) => part);

/** One allowed tool that must be called is that tool; without tools a choice means nothing. */
function choiceIn(call: Call): unknown {
  const { toolChoice: choice } = call;
  if (choice?.kind === 'auto' || functionsOf(call).length === 0) return undefined;
  const isOne = choice?.kind === 'allowed' && choice.isRequired && choice.names.length === 1;
  return isOne ? { kind: 'tool', name: choice.names[0] } : choice;
}

/** Where no tool may be called, or there is none, it means nothing that one may be. */
function isSingle(call: Call): boolean {
  const mayCall = call.toolChoice?.kind !== 'none' && functionsOf(call).length > 0;
  return mayCall && call.parallelTools === false;
}

/** Names that files have; one without a name gets one where the wire asks for it. */
const namesIn = picks('file', ({ name }) => name);

/** What a call may lose on its way, and the word under which the loss is told. */
const ASPECTS: Aspect[] = [
  [
    'format',
    ({ format }) =>
      format?.kind === 'schema' ? [format.schema, format.description] : format?.kind === 'json',
  ],
  [
    'thinking',
    ({ thinking }) => thinking?.effort ?? (thinking?.kind === 'budget' ? thinking.tokens : thinking?.kind),
  ],
  ['outputTokensMax', (call) => call.outputTokensMax],
  ['stop', ({ stop }) => stop],
  ['temperature', ({ sampling }) => sampling.temperature],
  // Clients write these defaults out.
  ['topP', ({ sampling }) => (sampling.topP === 1 ? undefined : sampling.topP)],
  ['frequencyPenalty', ({ sampling }) => sampling.frequencyPenalty || undefined],
  ['presencePenalty', ({ sampling }) => sampling.presencePenalty || undefined],
  ['topK', ({ sampling }) => sampling.topK],
  ['seed', ({ sampling }) => sampling.seed],
  ['user', ({ user }) => user],
  ['toolChoice', choiceIn],
  ['parallelTools', isSingle],
  [
    'webSearch',
    ({ tools }) =>
      tools
        .filter((tool) => tool.kind === 'web-search')
        .map((tool) => [tool.usesMax, tool.allowedDomains, tool.blockedDomains]),
  ],
  ['logprobs', ({ logprobs }) => logprobs],
  ['serviceTier', ({ serviceTier }) => (serviceTier === 'auto' ? undefined : serviceTier)],
  ['metadata', ({ metadata }) => metadata],
  ['promptCacheKey', ({ promptCacheKey }) => promptCacheKey],
  ['safetyIdentifier', ({ safetyIdentifier }) => safetyIdentifier],
  ['verbosity', ({ verbosity }) => verbosity],
  ['modalities', ({ modalities }) => (modalities?.every((one) => one === 'text') ? undefined : modalities)],
  ['image', picks('image', ({ source, detail }) => [source, detail === 'auto' ? undefined : detail])],
  ['audio', picks('audio', ({ format, data }) => [format, data])],
  ['file', picks('file', ({ source }) => (source.kind === 'url' ? source.url : source))],
  ['thinkingPart', picks('thinking', ({ text, signature }) => [text, signature])],
  [
    'cache',
    (call) => [
      partsOf(call).filter((part) => 'cache' in part).length,
      functionsOf(call).filter((tool) => 'cache' in tool).length,
    ],
  ],
  [
    'citations',
    (call) =>
      texts(call).flatMap(({ citations = [] }) =>
        citations.map(({ url, title, start, end }) => [url, title, start, end]),
      ),
  ],
];

/** What of `sent` did not arrive in `read`, each as the word that its loss must be told in. */
export function changedAspects(sent: Call, read: Call): (keyof Words)[] {
  const changed = ASPECTS.filter(([, pick]) => JSON.stringify(pick(sent)) !== JSON.stringify(pick(read)));
  const names = namesIn(read);
  const isNameLost = namesIn(sent).some((name) => name !== undefined && !names.includes(name));
  return [...changed.map(([word]) => word), ...(isNameLost ? (['file'] as const) : [])];
}
