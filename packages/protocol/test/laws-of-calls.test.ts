import { describe, expect, test } from 'vitest';
import { featurePath } from '../src/feature-paths.ts';
import {
  type Call,
  type CallerDialectId,
  dialects,
  type JsonObject,
  type Loss,
  providerDialects,
} from '../src/index.ts';
import { wordsIn } from '../src/losses.ts';
import { arbitraryCall } from './arbitrary-call.ts';
import { changedAspects, partsOf, type Spoken, spoken, spokenIn, toolsIn } from './call-changes.ts';
import { heardByConverse } from './converse-server.ts';
import { callers, forEvery, pairs } from './for-every.ts';

/** What goes over the wire: a field that is undefined is not there. */
const overWire = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

/** A body as the edge hands it over: Gemini's path says the model and the wish to stream, and the edge puts both in. */
function received(id: CallerDialectId, body: JsonObject, { model, stream }: Call): JsonObject {
  const came = overWire(body);
  return id === 'gemini' ? { ...came, model: model ?? '', ...(stream && { stream }) } : came;
}

describe.each(callers)('%s', (id) => {
  const dialect = dialects[id];

  test('round trip: a call written and read is the call', () => {
    forEvery(arbitraryCall(id), (call) => {
      const { body, losses } = dialect.outbound.writeCall(call, call.model ?? '');
      const { wire: _, ...read } = dialect.inbound.readCall(received(id, body, call));
      expect(losses).toEqual([]);
      expect(read).toEqual(overWire(call));
    });
  });

  test('same dialect: a call goes on as it came, but for the model and the wish for usage', () => {
    forEvery(arbitraryCall(id), (call) => {
      const { body: written } = dialect.outbound.writeCall(call, call.model ?? '');
      const came: JsonObject = withUnknown(received(id, written, call));
      // Gemini 3 wants other things of a call than the models before it.
      const model = id === 'gemini' ? (call.model ?? '') : 'own-name';
      const { body, losses } = dialect.outbound.writeCall(dialect.inbound.readCall(came), model);
      const { model: _, stream: __, ...inPath } = came;
      expect(body).toEqual(id === 'gemini' ? inPath : { ...came, model });
      expect(losses).toEqual([]);
    });
  });

  test('crossing: Converse hears all text, all tool calls and all results', () => {
    forEvery(arbitraryCall(id), (call) => {
      const { body } = providerDialects['bedrock-converse'].outbound.writeCall(call, 'model-1');
      const heard = heardByConverse(overWire(body));
      // Converse refuses texts of white space alone.
      const words = ({ said, results }: Spoken): string =>
        JSON.stringify(spoken(said, results)).replaceAll(/\s|\\n/g, '');
      expect([spokenIn(call, false), spokenIn(call, true)].map(words)).toContain(words(heard));
      expect(heard.tools).toEqual(toolsIn(call));
    });
  });
});

/** Labels are the caller's own, and nothing but texts. */
const LABELS = new Set(['metadata', 'labels']);

/** Fields of tomorrow, at every depth of a body. */
function withUnknown<Value>(value: Value, depth = 0): Value {
  if (Array.isArray(value)) return value.map((entry) => withUnknown(entry, depth + 1)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.entries(value).map(([key, inner]) => [
    key,
    LABELS.has(key) ? inner : withUnknown(inner, depth + 1),
  ]);
  return { ...Object.fromEntries(copy), next_year: { depth: [depth] } };
}

describe.each(pairs)('%s through %s', (own, other) => {
  test('crossing: text, tool calls and results of a call are unchanged, and whatever changed is a loss', () => {
    forEvery(arbitraryCall(own), (call) => {
      const { body, losses } = dialects[other].outbound.writeCall(call, call.model ?? '');
      const read = dialects[other].inbound.readCall(received(other, body, call));
      if (other === 'openai-completions') {
        expectPrompt(call, spokenIn(read, false).said, losses);
        expectTold(withoutResults(call), read, losses);
      } else {
        expectSame(call, read);
        expectTold(call, read, losses);
      }
    });
  });
});

function expectSame(call: Call, read: Call): void {
  expect([spokenIn(call, false), spokenIn(call, true)]).toContainEqual(spokenIn(read, false));
  expect(toolsIn(read)).toEqual(toolsIn(call));
}

/** The oldest dialect has one prompt: all that was said is in it, in its order, and what tools did is a loss. */
function expectPrompt(call: Call, prompt: string, losses: readonly Loss[]): void {
  let at = 0;
  for (const part of partsOf(withoutResults(call))) {
    if (part.kind !== 'text' && part.kind !== 'refusal') continue;
    const found = prompt.indexOf(part.text, at);
    expect(found, `${part.text} in ${prompt}`).toBeGreaterThanOrEqual(at);
    at = found + part.text.length;
  }
  const told = losses.map(({ path }) => path);
  if (toolsIn(call).length > 0) expect(told).toContain(featurePath('tool-result', call.extra.dialect));
}

/** A result that is lost is told as one. */
function withoutResults(call: Call): Call {
  const messages = call.messages.map((message) =>
    message.role === 'user'
      ? { ...message, parts: message.parts.filter((part) => part.kind !== 'tool-result') }
      : message,
  );
  return { ...call, messages };
}

function expectTold(call: Call, read: Call, losses: readonly Loss[]): void {
  const paths = losses.map(({ path }) => path);
  const words = wordsIn(call.extra.dialect);
  for (const aspect of changedAspects(call, read)) {
    const word = words[aspect];
    const isTold = paths.some((path) => path.includes(word) || word.startsWith(path));
    expect(isTold, `${aspect} changed, and ${word} is not in ${paths.join(', ')}`).toBe(true);
  }
  for (const key of Object.keys(call.extra.fields)) expect(paths).toContain(key);
}
