import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Call, type CallerDialectId, collect, dialects, explode, type Reply } from '../src/index.ts';
import { arbitraryCall } from './arbitrary-call.ts';
import { arbitraryReply } from './arbitrary-reply.ts';
import { essence, eventsOf, framesOf, grammarBreach, throughStream, throughWhole, written } from './laws.ts';

const SEED = 20_260_101;
const RUNS = 100;
const ids: CallerDialectId[] = ['openai-chat', 'anthropic-messages'];
const pairs = ids.flatMap((own) => ids.filter((id) => id !== own).map((other) => [own, other] as const));

/** What goes over the wire: a field that is undefined is not there. */
const overWire = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

function forEvery<Value>(values: fc.Arbitrary<Value>, law: (value: Value) => void): void {
  fc.assert(
    fc.property(values, (value) => void law(value)),
    { seed: SEED, numRuns: RUNS },
  );
}

describe.each(ids)('%s', (id) => {
  const dialect = dialects[id];

  test('framing: a stream cut anywhere gives the same events', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 });
    forEvery(fc.tuple(arbitraryReply(id), sizes), ([reply, pieces]) => {
      const bytes = Buffer.from(written(dialect, explode(reply)));
      const events = eventsOf(dialect, framesOf(bytes, pieces));
      expect(events).toEqual(eventsOf(dialect, framesOf(bytes, [bytes.length])));
      expect(Buffer.concat(framesOf(bytes, pieces).map((frame) => frame.bytes ?? Buffer.of()))).toEqual(
        bytes,
      );
    });
  });

  test('grammar: one start, parts open before they grow and close before the end', () => {
    forEvery(arbitraryReply(id), (reply) => {
      const events = eventsOf(dialect, framesOf(Buffer.from(written(dialect, explode(reply))), [300]));
      expect(grammarBreach(events)).toBeUndefined();
      expect(grammarBreach(explode(reply))).toBeUndefined();
    });
  });

  test('fold: the events of a reply are the reply', () => {
    forEvery(arbitraryReply(id), (reply) => expect(collect(explode(reply))).toEqual(reply));
  });

  test('round trip: a reply written and read is the reply, whole and streamed', () => {
    forEvery(arbitraryReply(id), (reply) => {
      expect(throughWhole(dialect, reply)).toEqual(reply);
      expect(throughStream(dialect, reply)).toEqual(reply);
    });
  });

  test('round trip: a call written and read is the call', () => {
    forEvery(arbitraryCall(id), (call) => {
      const { body, losses } = dialect.outbound.writeCall(call, call.model ?? '');
      const { wire: _, ...read } = dialect.inbound.readCall(overWire(body));
      expect(losses).toEqual([]);
      expect(read).toEqual(overWire(call));
    });
  });

  test('same dialect: a call goes on as it came, but for the model and the wish for usage', () => {
    forEvery(arbitraryCall(id), (call) => {
      const came = { ...overWire(dialect.outbound.writeCall(call, 'alias').body), next_year: { deep: [1] } };
      const { body, losses } = dialect.outbound.writeCall(dialect.inbound.readCall(came), 'own-name');
      expect(body).toEqual({ ...came, model: 'own-name' });
      expect(losses).toEqual([]);
    });
  });
});

describe.each(pairs)('%s through %s', (own, other) => {
  test('crossing: text, tool calls and output tokens of a reply are unchanged', () => {
    forEvery(arbitraryReply(own), (reply) => {
      const across = (through: typeof throughStream): Reply =>
        through(dialects[own], through(dialects[other], reply));
      expect(essence(across(throughStream))).toEqual(essence(reply));
      expect(essence(across(throughWhole))).toEqual(essence(reply));
    });
  });

  test('crossing: text, tool calls and results of a call are unchanged, and whatever changed is a loss', () => {
    forEvery(arbitraryCall(own), (call) => {
      const { body, losses } = dialects[other].outbound.writeCall(call, call.model ?? '');
      const read = dialects[other].inbound.readCall(overWire(body));
      expect(spokenIn(read)).toEqual(spokenIn(call));
      expect(toolsIn(read)).toEqual(toolsIn(call));
      for (const [feature, path] of changes(call, read)) {
        expect(
          losses.map((loss) => loss.path),
          `${feature} changed`,
        ).toContain(path);
      }
    });
  });
});

function spokenIn(call: Call): string {
  const texts = call.messages.flatMap(({ parts }) =>
    parts.flatMap((part) => {
      if (part.kind === 'text') return [part.text];
      if (part.kind !== 'tool-result') return [];
      return part.parts.flatMap((inner) => (inner.kind === 'text' ? [inner.text] : []));
    }),
  );
  const all = [...call.system.map((part) => part.text), ...texts].join('');
  return all.replaceAll('<system>\n', '').replaceAll('\n</system>', '');
}

function toolsIn(call: Call): unknown[] {
  return call.messages.flatMap(({ parts }) =>
    parts.flatMap((part) => {
      if (part.kind === 'tool-call') return [[part.id, part.name, JSON.parse(part.input)]];
      return part.kind === 'tool-result' ? [['result', part.callId]] : [];
    }),
  );
}

const PATHS = {
  'openai-chat': {
    format: 'response_format',
    thinking: 'reasoning_effort',
    stop: 'stop',
    max: 'max_completion_tokens',
    topK: 'top_k',
  },
  'anthropic-messages': {
    format: 'output_config.format',
    thinking: 'thinking',
    stop: 'stop_sequences',
    max: 'max_tokens',
    topK: 'top_k',
  },
};

/** Features that did not arrive, each with the path that must be among the losses. */
function changes(sent: Call, read: Call): [string, string][] {
  const words = PATHS[sent.extra.dialect === 'openai-chat' ? 'openai-chat' : 'anthropic-messages'];
  const schemaOf = (call: Call): unknown => (call.format?.kind === 'schema' ? call.format.schema : undefined);
  const features: [string, unknown, unknown, string][] = [
    ['format', schemaOf(sent), schemaOf(read), words.format],
    ['json mode', sent.format?.kind === 'json', read.format?.kind === 'json', words.format],
    ['effort', sent.thinking?.effort, read.thinking?.effort, words.thinking],
    ['stop', sent.stop, read.stop, words.stop],
    ['limit', sent.outputTokensMax, read.outputTokensMax, words.max],
    ['user', sent.user, read.user, 'user'],
    ['choice', sent.toolChoice, read.toolChoice, 'tool_choice'],
    ['parallel', sent.parallelTools, read.parallelTools, 'parallel_tool_calls'],
    ['temperature', sent.sampling.temperature, read.sampling.temperature, 'temperature'],
    ['top_k', sent.sampling.topK, read.sampling.topK, words.topK],
    ['seed', sent.sampling.seed, read.sampling.seed, 'seed'],
    [
      'frequency',
      sent.sampling.frequencyPenalty || undefined,
      read.sampling.frequencyPenalty,
      'frequency_penalty',
    ],
    [
      'presence',
      sent.sampling.presencePenalty || undefined,
      read.sampling.presencePenalty,
      'presence_penalty',
    ],
    ['top_p', sent.sampling.topP === 1 ? undefined : sent.sampling.topP, read.sampling.topP, 'top_p'],
    ...Object.keys(sent.extra.fields).map((key): [string, unknown, unknown, string] => [
      key,
      true,
      false,
      key,
    ]),
  ];
  return features
    .filter(([, before, after]) => JSON.stringify(before) !== JSON.stringify(after))
    .map(([feature, , , path]) => [feature, path]);
}
