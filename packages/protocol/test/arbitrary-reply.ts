import fc from 'fast-check';
import type { AssistantPart, CallerDialectId, Reply, StopReason, Usage } from '../src/index.ts';

/** Replies as one dialect can say them: what another order or class would be changed by is left out. */
export function arbitraryReply(dialect: CallerDialectId): fc.Arbitrary<Reply> {
  return dialect === 'openai-chat' ? openaiReply : anthropicReply;
}

const text = fc.oneof(
  fc.string({ minLength: 1, unit: 'grapheme' }),
  fc.constantFrom('\n\n', '"}', '\u2028', 'é'),
);
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,24}$/);
type Ending = [StopReason, string];
const count = fc.nat({ max: 1_000_000 });
const inputObject = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue())
  .map((value) => JSON.stringify(value));

const thinking = (signed: boolean): fc.Arbitrary<AssistantPart> =>
  signed
    ? fc.record({
        kind: fc.constant('thinking' as const),
        text,
        signature: fc.record({ maker: fc.constant('anthropic' as const), value: id }),
      })
    : fc.record({ kind: fc.constant('thinking' as const), text });
const spoken: fc.Arbitrary<AssistantPart> = fc.record({ kind: fc.constant('text' as const), text });
const toolCall: fc.Arbitrary<AssistantPart> = fc.record({
  kind: fc.constant('tool-call' as const),
  id,
  name: id,
  input: inputObject,
});
const serverTool: fc.Arbitrary<AssistantPart> = fc.record({
  kind: fc.constant('opaque' as const),
  dialect: fc.constant('anthropic-messages' as const),
  value: fc.record({
    type: fc.constantFrom('server_tool_use', 'redacted_thinking', 'web_search_tool_result'),
    data: fc.jsonValue(),
  }),
});

const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> =>
  fc.option(value).map((one) => (one === null ? [] : [one]));

const openaiReply = fc
  .record({
    id,
    model: id,
    // One run of thinking, one of text, then calls: the wire has no order between them.
    parts: fc
      .tuple(maybe(thinking(false)), maybe(spoken), fc.array(toolCall, { maxLength: 4 }))
      .map((groups) => uniqueIds(groups.flat())),
    ending: fc.constantFrom<Ending[]>(['end', 'stop'], ['length', 'length'], ['refusal', 'content_filter']),
    usage: usageOf([
      'inputCacheRead',
      'inputCacheWrite',
      'inputAudio',
      'inputImage',
      'outputThinking',
      'outputAudio',
    ]),
  })
  .map(({ ending, ...reply }): Reply => {
    const hasTools = reply.parts.some((part) => part.kind === 'tool-call');
    return hasTools
      ? { ...reply, stop: 'tool-calls', rawStop: 'tool_calls' }
      : { ...reply, ...stopOf(ending) };
  });

const anthropicReply = fc
  .record({
    id,
    model: id,
    parts: fc.array(fc.oneof(thinking(true), thinking(false), spoken, toolCall, serverTool), {
      maxLength: 6,
    }),
    ending: fc.constantFrom<Ending[]>(
      ['end', 'end_turn'],
      ['length', 'max_tokens'],
      ['length', 'model_context_window_exceeded'],
      ['tool-calls', 'tool_use'],
      ['refusal', 'refusal'],
      ['pause', 'pause_turn'],
      ['stop-sequence', 'stop_sequence'],
    ),
    usage: usageOf(['inputCacheRead', 'inputCacheWrite', 'outputThinking']),
  })
  .map(({ ending, ...reply }): Reply => {
    const whole = { ...reply, parts: uniqueIds(reply.parts), ...stopOf(ending) };
    return whole.stop === 'stop-sequence' ? { ...whole, stopSequence: 'END' } : whole;
  });

function stopOf([stop, rawStop]: Ending): { stop: StopReason; rawStop: string } {
  return { stop, rawStop };
}

function uniqueIds(parts: AssistantPart[]): AssistantPart[] {
  return parts.map((part, place) =>
    part.kind === 'tool-call' ? { ...part, id: `${part.id}${place}` } : part,
  );
}

/** The two totals are always known, the classes inside them sometimes. */
function usageOf(optional: (keyof Usage)[]): fc.Arbitrary<Usage> {
  const known = fc.subarray(optional);
  return fc.tuple(known, fc.array(count, { minLength: 8, maxLength: 8 })).map(([names, counts]) => {
    const usage: Usage = { inputFresh: counts[6] ?? 0, outputText: counts[7] ?? 0 };
    for (const [place, name] of names.entries()) usage[name] = counts[place] ?? 0;
    return usage;
  });
}
