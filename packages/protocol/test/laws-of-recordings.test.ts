import { describe, expect, test } from 'vitest';
import { collect, dialects, explode, type Reply, writeFrame } from '../src/index.ts';
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
import { listRecordings, readStream, readWhole } from './recordings.ts';

const streams = listRecordings('stream');
const failed = listRecordings('failed');
const wholes = listRecordings('whole');
const titleOf = ({ dialect, name }: { dialect: string; name: string }): string => `${dialect}/${name}`;

/**
 * A word that no dialect knows cannot be written back, and becomes the word for its meaning; the old `function_call` is
 * written as a tool call.
 */
const REPLACED = new Map([
  ['tired', 'end_turn'],
  ['function_call', 'tool_calls'],
]);

function comparableStop({ rawStop = '', ...reply }: Reply): object {
  return {
    ...reply,
    stop: reply.stop === 'other' ? 'end' : reply.stop,
    rawStop: REPLACED.get(rawStop) ?? rawStop,
  };
}

describe('every recorded stream', () => {
  test.each(streams.map((one) => [titleOf(one), one] as const))(
    '%s is read the same wherever its bytes are cut',
    (_, recording) => {
      const bytes = readStream(recording);
      const dialect = dialects[recording.dialect];
      const events = eventsOf(dialect, framesOf(bytes, [bytes.length]));
      expect(grammarBreach(events)).toBeUndefined();
      for (const size of [1, 7, 64, 1_000]) {
        expect(eventsOf(dialect, framesOf(bytes, [size]))).toEqual(events);
      }
    },
  );

  test.each(streams.map((one) => [titleOf(one), one] as const))(
    '%s keeps its own bytes in its frames, but for the note at its head',
    (_, recording) => {
      const bytes = readStream(recording);
      const kept = Buffer.concat(framesOf(bytes, [13]).map((frame) => frame.bytes ?? new Uint8Array()));
      expect(kept.toString()).toBe(bytes.toString().replace(/^:.*\n\n/, ''));
    },
  );

  test.each(streams.map((one) => [titleOf(one), one] as const))(
    '%s ends in an error when it is cut before its end',
    (_, recording) => {
      const dialect = dialects[recording.dialect];
      const frames = framesOf(readStream(recording), [1_000]);
      const last = frames.findIndex((frame) =>
        /"finish_reason":"|message_stop|response\.(?:completed|incomplete)"/.test(frame.data),
      );
      for (let kept = 0; kept < (last === -1 ? frames.length : last); kept += 1) {
        const events = eventsOf(dialect, frames.slice(0, kept));
        expect(events.at(-1)?.type).toBe('error');
        if (kept > 0) expect(grammarBreach(events)).toBeUndefined();
      }
    },
  );

  test.each(streams.map((one) => [titleOf(one), one] as const))(
    '%s carries the same reply as the whole beside it',
    (_, recording) => {
      const dialect = dialects[recording.dialect];
      const streamed = collect(eventsOf(dialect, framesOf(readStream(recording), [1_000])));
      const whole = collect(dialect.outbound.readReply(readWhole(recording)));
      expect(comparable(streamed)).toEqual(comparable(whole));
    },
  );
});

/** A whole reply holds the text of a tool call's input as a value on one of the wires. */
function comparable(reply: Reply): Reply {
  const parts = reply.parts.map((part) =>
    part.kind === 'tool-call' ? { ...part, input: JSON.stringify(JSON.parse(part.input)) } : part,
  );
  return { ...reply, parts };
}

describe('every recorded failure', () => {
  test.each(failed.map((one) => [titleOf(one), one] as const))(
    '%s ends in an error, and the caller sees one error frame and no clean end',
    (_, recording) => {
      const events = eventsOf(
        dialects[recording.dialect],
        framesOf(readStream(recording, '.failed.sse'), [9]),
      );
      expect(events.at(-1)?.type).toBe('error');
      for (const caller of Object.values(dialects)) {
        const text = written(caller, events);
        expect(text.match(/"error":\{/g)?.length).toBe(1);
        expect(text).not.toMatch(/\[DONE\]|message_stop/);
        expect(grammarBreach(eventsOf(caller, framesOf(Buffer.from(text), [50])))).toBeUndefined();
      }
    },
  );
});

describe('every recorded reply', () => {
  const replies = wholes.map(
    (one) => [titleOf(one), one, collect(dialects[one.dialect].outbound.readReply(readWhole(one)))] as const,
  );

  test.each(replies)('%s is the fold of its own events', (_, __, reply) => {
    expect(collect(explode(reply))).toEqual(reply);
  });

  test.each(replies)('%s is itself after being written and read in its dialect', (_, recording, reply) => {
    const dialect = dialects[recording.dialect];
    const said = collect(
      dialect.outbound.readReply(JSON.parse(JSON.stringify(dialect.inbound.writeReply(reply)))),
    );
    expect(comparableStop(said)).toEqual(comparableStop(reply));
    expect(comparableStop(throughStream(dialect, reply))).toEqual(comparableStop(reply));
  });

  test.each(replies)('%s keeps its text, tool calls and tokens through every dialect', (_, __, reply) => {
    for (const dialect of Object.values(dialects)) {
      const kept = essenceThrough(reply, [dialect.id]);
      expect(essence(throughStream(dialect, reply))).toEqual(kept);
      expect(essence(throughWhole(dialect, reply))).toEqual(kept);
    }
  });
});

test('a written frame is what the documents ask for', () => {
  expect(writeFrame({ data: '{"a":1}' })).toBe('data: {"a":1}\n\n');
  expect(writeFrame({ event: 'ping', data: 'one\ntwo' })).toBe('event: ping\ndata: one\ndata: two\n\n');
});
