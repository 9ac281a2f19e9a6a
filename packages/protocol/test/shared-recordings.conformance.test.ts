import { afterAll, expect, test } from 'vitest';
import { collect, dialects, explode, type Reply } from '../src/index.ts';
import { essence, eventsOf, framesOf, grammarBreach, throughStream, throughWhole } from './laws.ts';
import { DATA, isDataPresent, listSharedStreams, listSharedWholes } from './shared-recordings.ts';

test.skipIf(isDataPresent)('recordings are absent, so nothing was checked', () => {
  process.stdout.write(`conformance: no recordings under ${DATA}; skipped. Set EVAL_DATA to name them.\n`);
});

const wholes = listSharedWholes();
const streams = listSharedStreams();
const report = {
  streamsRead: 0,
  streamsCut: 0,
  frames: 0,
  wholesRead: 0,
  folded: 0,
  roundTripped: 0,
  crossed: 0,
};

test.skipIf(!isDataPresent).each(streams.map((stream) => [stream.title, stream] as const))(
  'stream %s',
  (_, stream) => {
    const dialect = dialects[stream.dialect];
    const frames = framesOf(stream.bytes, [stream.bytes.length]);
    const events = eventsOf(dialect, frames);
    expect(grammarBreach(events)).toBeUndefined();
    for (const size of [1, 7, 64, 1_000]) {
      expect(eventsOf(dialect, framesOf(stream.bytes, [size]))).toEqual(events);
    }
    report.frames += frames.length;
    if (stream.isCut) {
      report.streamsCut += 1;
      expect(events.at(-1)?.type).toBe('error');
      return;
    }
    report.streamsRead += 1;
    holdsLaws(collect(events), stream.dialect);
  },
);

test.skipIf(!isDataPresent).each(wholes.map((whole) => [whole.title, whole] as const))(
  'whole %s',
  (_, whole) => {
    const reply = collect(dialects[whole.dialect].outbound.readReply(whole.body));
    report.wholesRead += 1;
    expect(reply.parts.length + (reply.stop === 'refusal' ? 1 : 0)).toBeGreaterThan(0);
    expect(reply.usage.outputText).toBeTypeOf('number');
    holdsLaws(reply, whole.dialect);
  },
);

function holdsLaws(reply: Reply, own: keyof typeof dialects): void {
  expect(collect(explode(reply))).toEqual(reply);
  report.folded += 1;
  const again = throughWhole(dialects[own], reply);
  expect(again.usage).toEqual(reply.usage);
  expect(essence(again)).toEqual(essence(reply));
  expect(essence(throughStream(dialects[own], reply))).toEqual(essence(reply));
  report.roundTripped += 1;
  for (const other of Object.values(dialects)) {
    expect(essence(throughStream(dialects[own], throughStream(other, reply)))).toEqual(essence(reply));
    expect(essence(throughWhole(dialects[own], throughWhole(other, reply)))).toEqual(essence(reply));
  }
  report.crossed += 1;
}

afterAll(() => {
  if (!isDataPresent) return;
  const { streamsRead, streamsCut, frames, wholesRead, folded, roundTripped, crossed } = report;
  process.stdout.write(
    [
      `streams read ${streamsRead} (${frames} frames), cut ones refused ${streamsCut}, whole replies read ${wholesRead}`,
      `of ${streamsRead + wholesRead} replies: folded ${folded}, round-tripped ${roundTripped}, crossed ${crossed}\n`,
    ].join('\n'),
  );
});
