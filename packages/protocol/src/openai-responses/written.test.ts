import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryReply } from '../../test/arbitrary-reply.ts';
import { arbitraryResponsesReply } from '../../test/arbitrary-responses-reply.ts';
import { throughStream, throughWhole } from '../../test/laws.ts';
import { isSchemaPresent, openSchemaCheck, type SchemaCheck, schemaOf } from '../../test/openai-schema.ts';
import { DATA } from '../../test/shared-recordings.ts';
import { type Call, dialects, explode, isObject, parseJson, type Reply } from '../index.ts';

const responses = dialects['openai-responses'];
const callers = Object.keys(dialects) as (keyof typeof dialects)[];
const RUN = { seed: 20_260_101, numRuns: 150 };

const call: Call = responses.inbound.readCall({
  model: 'any',
  input: 'Hello',
  instructions: 'Be brief.',
  temperature: 0.5,
  max_output_tokens: 100,
  tools: [{ type: 'function', name: 'look' }, { type: 'web_search' }],
  tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'look' }] },
  reasoning: { effort: 'low', summary: 'auto' },
  text: { format: { type: 'json_object' }, verbosity: 'low' },
  metadata: { team: 'search' },
  truncation: 'auto',
  user: 'u',
  stream: true,
});
const facts = { createdS: 1_760_000_000, id: 'resp_0123456789abcdefghijklmnop', call };

test('a reply written and read is the reply, whole and streamed', () => {
  fc.assert(
    fc.property(arbitraryResponsesReply, (reply) => {
      expect(throughWhole(responses, reply)).toEqual(reply);
      expect(throughStream(responses, reply)).toEqual(reply);
    }),
    RUN,
  );
});

test('the item ids of a reply are the same in its stream, and short enough to be sent back', () => {
  fc.assert(
    fc.property(arbitraryResponsesReply, (reply) => {
      const sealed = reply.parts.some(
        (part) => part.kind === 'thinking' && part.signature?.maker === 'openai',
      );
      const whole = idsOf(responses.inbound.writeReply(reply, facts).output);
      const streamed = idsOf(lastResponse(reply)?.output);
      if (!sealed) expect(streamed).toEqual(whole);
      for (const id of whole) expect(id.length).toBeLessThanOrEqual(64);
    }),
    RUN,
  );
});

function framesOf(reply: Reply): { event?: string; data: string }[] {
  const writer = responses.inbound.openWriter(call, facts);
  return [...explode(reply).flatMap((event) => writer.write(event)), ...writer.end()];
}

function lastResponse(reply: Reply): { output?: unknown } | undefined {
  const body = parseJson(framesOf(reply).at(-2)?.data ?? '');
  return isObject(body) && isObject(body.response) ? body.response : undefined;
}

function idsOf(output: unknown): string[] {
  return Array.isArray(output) ? output.map((item) => item.id) : [];
}

test.skipIf(isSchemaPresent)('OpenAI’s schema is absent, so nothing was checked against it', () => {
  // biome-ignore lint/suspicious/noConsole: a check that is skipped must be seen.
  console.warn(`no OpenAPI document under ${DATA}; set EVAL_DATA to name its folder`);
});

describe.skipIf(!isSchemaPresent)('OpenAI’s own schema', () => {
  const check: SchemaCheck = isSchemaPresent ? openSchemaCheck() : () => undefined;

  test('allows every whole reply that we write', () => {
    fc.assert(
      fc.property(arbitraryResponsesReply, (reply) => {
        expect(check('Response', responses.inbound.writeReply(reply, facts))).toBeUndefined();
        expect(check('Response', responses.inbound.writeReply(reply))).toBeUndefined();
      }),
      RUN,
    );
  });

  test.each(callers)(
    'allows every event of a stream that we write of a reply of %s, numbered from 0',
    (id) => {
      fc.assert(
        fc.property(arbitraryReply(id), (reply) => {
          expect(check('Response', responses.inbound.writeReply(reply, facts))).toBeUndefined();
          const frames = framesOf(reply).slice(0, -1);
          for (const [place, { event, data }] of frames.entries()) {
            const body = JSON.parse(data);
            expect([body.type, body.sequence_number]).toEqual([event, place]);
            expect(check(schemaOf(body.type), body), data).toBeUndefined();
          }
        }),
        { ...RUN, numRuns: id === 'openai-responses' ? RUN.numRuns : 40 },
      );
    },
  );

  test('allows the error that ends a stream which failed', () => {
    const writer = responses.inbound.openWriter(call, facts);
    writer.write({ type: 'reply-start', id: 'r', model: 'm' });
    const [frame] = writer.write({
      type: 'error',
      error: responses.outbound.readError(500, { error: { message: 'Broken.' } }),
    });
    expect(check('ResponseErrorEvent', JSON.parse(frame?.data ?? ''))).toBeUndefined();
    expect(writer.end()).toEqual([]);
  });

  test('refuses what is no response, so that it checks something', () => {
    const body = responses.inbound.writeReply({
      id: 'resp_1',
      model: 'm',
      parts: [],
      stop: 'end',
      usage: {},
    });
    expect(check('Response', { ...body, status: 'done' })).toContain('must be');
    expect(check('ResponseTextDeltaEvent', { type: 'response.output_text.delta' })).toContain('required');
  });
});
