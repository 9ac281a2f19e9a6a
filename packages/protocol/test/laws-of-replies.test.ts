import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collect, dialects, explode, providerDialects, type Reply } from '../src/index.ts';
import { arbitraryReply } from './arbitrary-reply.ts';
import { converseFrames, converseReply } from './converse-server.ts';
import { callers, forEvery, pairs } from './for-every.ts';
import {
  essence,
  essenceThrough,
  eventsOf,
  framesOf,
  grammarBreach,
  throughStream,
  throughWhole,
  written,
} from './laws.ts';

describe.each(callers)('%s', (id) => {
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

  test('round trip: a reply written and read is the reply', () => {
    forEvery(arbitraryReply(id), (reply) => expect(throughWhole(dialect, reply)).toEqual(reply));
  });

  test('round trip: a reply streamed and read is the reply', () => {
    forEvery(arbitraryReply(id), (reply) => expect(throughStream(dialect, reply)).toEqual(reply));
  });

  test('crossing: what Converse said reaches the caller', () => {
    const { outbound } = providerDialects['bedrock-converse'];
    forEvery(arbitraryReply(id), (reply) => {
      const whole = collect(outbound.readReply(JSON.parse(JSON.stringify(converseReply(reply)))));
      expect(essence(whole)).toEqual(essence(reply));
      const streamed = collect(eventsOf({ outbound }, converseFrames(reply)));
      expect(essence(streamed)).toEqual(essence(reply));
    });
  });
});

describe.each(pairs)('%s through %s', (own, other) => {
  test('crossing: text, tool calls and output tokens of a reply are unchanged', () => {
    forEvery(arbitraryReply(own), (reply) => {
      const across = (through: typeof throughStream): Reply =>
        through(dialects[own], through(dialects[other], reply));
      expect(essence(across(throughStream))).toEqual(essenceThrough(reply, [own, other]));
      expect(essence(across(throughWhole))).toEqual(essenceThrough(reply, [own, other]));
    });
  });
});
