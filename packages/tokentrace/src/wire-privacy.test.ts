import { afterEach, beforeEach, expect, test } from 'vitest';
import { type IngestServer, openIngestServer } from '../test/open-ingest-server.ts';
import { openTestTracer, wireOf } from '../test/open-test-tracer.ts';
import { PLACES, plainValue, privateValue } from '../test/plant-values.ts';
import type { TracerOptions } from './tracer-options.ts';

const VALUES = 1_000;

let server: IngestServer;
beforeEach(async () => {
  server = await openIngestServer();
});
afterEach(() => server.close());

type Planting = { options: TracerOptions; kinds: readonly string[]; valueAt(at: number): string };

/** Plants 1,000 values, each in one of these places in turn, and names those that are found in all bytes that were sent. */
async function leaks({ options, kinds, valueAt }: Planting): Promise<string[]> {
  const places = PLACES.filter(({ kind }) => kinds.includes(kind));
  const { tracer } = openTestTracer({ endpoint: server.endpoint, ...options });
  const planted = Array.from({ length: VALUES }, (_, at) => {
    const place = places[at % places.length];
    // The step keeps a kind of value from always meeting the same place.
    const value = valueAt(at + Math.floor(at / places.length));
    place?.put(tracer, value);
    return { place: place?.name, value };
  });
  expect(await tracer.flush({ timeoutMs: 15_000 })).toBe(true);
  expect(tracer.stats()).toMatchObject({ recorded: VALUES, accepted: VALUES, dropped: {} });
  const wire = wireOf(server.arrivals);
  return planted.filter(({ value }) => wire.includes(value)).map(({ place, value }) => `${place}: ${value}`);
}

const EVERYWHERE = ['input', 'output', 'error', 'label'];
const HEAD = { environment: 'of person.head@mail.example.org', release: 'r', service: 's' };

test('with nothing turned on, every planted value is found on the wire', async () => {
  const found = await leaks({ options: HEAD, kinds: EVERYWHERE, valueAt: privateValue });
  expect(found).toHaveLength(VALUES);
  expect(wireOf(server.arrivals)).toContain('person.head@mail.example.org');
});

test('with piiRedaction, none of 1,000 private values is on the wire, whichever field it was planted in', async () => {
  const options = { ...HEAD, piiRedaction: true };
  expect(await leaks({ options, kinds: EVERYWHERE, valueAt: privateValue })).toEqual([]);
  expect(wireOf(server.arrivals)).not.toContain('person.head@mail.example.org');
  expect(server.spans().some(({ redactions }) => (redactions?.EMAIL ?? 0) > 0)).toBe(true);
});

test('with redactInputs, none of 1,000 values of any kind in inputs and errors is on the wire', async () => {
  const options = { redactInputs: true, piiRedaction: false };
  expect(await leaks({ options, kinds: ['input', 'error'], valueAt: plainValue })).toEqual([]);
});

test('with redactOutputs, none of 1,000 values of any kind in outputs and errors is on the wire', async () => {
  const options = { redactOutputs: true, piiRedaction: false };
  expect(await leaks({ options, kinds: ['output', 'error'], valueAt: plainValue })).toEqual([]);
});

test.each([{ redactInputs: true }, { redactOutputs: true }, { redactInputs: true, redactOutputs: true }])(
  'with %o, private values are taken out of every other field too',
  async (options) => {
    expect(await leaks({ options, kinds: EVERYWHERE, valueAt: privateValue })).toEqual([]);
  },
);

test('with both kept back, figures and labels still arrive', async () => {
  const { tracer } = openTestTracer({
    endpoint: server.endpoint,
    redactInputs: true,
    redactOutputs: true,
  });
  const call = tracer.generation({
    name: 'answer',
    modelAsked: 'gpt-5',
    input: 'secret plan',
    tags: ['beta'],
  });
  call.end({ output: 'a reply', usage: { inputFresh: 5, outputText: 7 }, metadata: { note: 'free words' } });
  await tracer.flush();
  const [span] = server.spans();
  expect(span).toMatchObject({ name: 'answer', model_asked: 'gpt-5', tags: ['beta'] });
  expect(span?.usage).toEqual({ input_fresh: 5, output_text: 7 });
  for (const name of ['input', 'output', 'metadata']) expect(span).not.toHaveProperty(name);
});

test('an address as user id has the same placeholder in every span, and another one than other users', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint, piiRedaction: true });
  for (const userId of ['ann@example.org', 'bob@example.org', 'ann@example.org'])
    tracer.tag({ userId }, () => tracer.span('s', () => {}));
  await tracer.flush();
  const [ann, bob, annAgain] = server.spans().map(({ user_id }) => user_id);
  expect(ann).toMatch(/^\[EMAIL_[0-9a-f]{12}\]$/);
  expect(annAgain).toBe(ann);
  expect(bob).not.toBe(ann);
});

test('what a failing redact saw is not sent: the span keeps its figures and is counted', async () => {
  const faults = [
    () => {
      throw new Error('bug');
    },
    () => Promise.reject(new Error('bug')),
    () => JSON.parse('"text"'),
    () => JSON.parse('{}'),
  ];
  for (const redact of faults) {
    const { tracer } = openTestTracer({ endpoint: server.endpoint, redact });
    tracer.generation({ name: 'raw words', input: 'raw words' }).end({ usage: { outputText: 4 } });
    expect(await tracer.flush()).toBe(true);
    expect(tracer.stats().dropped).toEqual({ redaction_failed: 1 });
  }
  expect(wireOf(server.arrivals)).not.toContain('raw words');
  const spans = server.spans();
  expect(spans).toHaveLength(faults.length);
  for (const span of spans)
    expect(span).toMatchObject({ name: '[REDACTION_FAILED]', type: 'generation', usage: { output_text: 4 } });
  expect(server.arrivals.at(-1)?.batch.dropped).toEqual({ redaction_failed: 1 });
});

test('the redaction of the app may take time, change a span, and keep one back; the engine sees its result', async () => {
  const { tracer } = openTestTracer({
    endpoint: server.endpoint,
    piiRedaction: true,
    async redact(span) {
      if (span.name === 'hidden') return null;
      return { ...span, name: 'renamed', input: 'by carl@example.org' };
    },
  });
  tracer.span('hidden', () => {});
  tracer.span('shown', () => {});
  await tracer.flush();
  expect(server.spans()).toMatchObject([{ name: 'renamed', input: 'by [EMAIL_1]' }]);
});
