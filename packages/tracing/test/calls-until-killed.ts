import { existsSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openLoader } from '../src/loader.ts';
import type { LoadSegment } from '../src/ports.ts';
import { createRecorder } from '../src/recorder.ts';
import { openSpool } from '../src/spool.ts';
import { makeCall } from './make-call.ts';

/**
 * A process that records calls, acknowledges each on its output, and ships them into files, until it is killed.
 * Arguments: the spool's folder, the folder of what was shipped, the number of the first call.
 */
const [spoolDir = '', storeDir = '', first = '0'] = process.argv.slice(2);
const clock = { nowMs: () => Date.now() };
const schedule = (delayMs: number, run: () => void) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};
const log = { warn: () => {}, error: () => {} };
const key = Buffer.from('0123456789abcdef0123456789abcdef');

/** Whole or not at all, and once for a token, as the trace store promises. */
const load: LoadSegment = async ({ token, spans, contents }) => {
  const file = join(storeDir, `${token}.json`);
  if (existsSync(file)) return;
  writeFileSync(
    `${file}.${process.pid}`,
    JSON.stringify({ spans: spans.toString(), contents: contents.toString() }),
  );
  renameSync(`${file}.${process.pid}`, file);
};

const limits = { segmentBytesMax: 20_000, segmentAgeMsMax: 5, syncEveryMs: 5 };
const spool = openSpool({ dir: spoolDir, key, clock, schedule, log, limits });
openLoader({
  spool,
  load,
  key,
  contentKey: key,
  nameKey: key,
  clock,
  schedule,
  log,
  limits: { loadBytesMax: 8_000 },
});
const recorder = createRecorder({ spool, log, atTurnEnd: setImmediate });

function recordSome(from: number): void {
  for (let number = from; number < from + 5; number += 1) {
    const messages = [
      { role: 'system', content: 'the same for all' },
      { role: 'user', content: `call ${number}` },
    ];
    const call = makeCall(number, { request: JSON.stringify({ messages }) });
    const acknowledge = () => say(`${number}\n`);
    if (number % 5 === 0) {
      recorder.recordCall(call);
      acknowledge();
    } else {
      recorder.recordSoon(call, acknowledge);
    }
  }
  setTimeout(() => recordSome(from + 5), 1);
}

/** Whoever reads may be slower than we are; then the pipe is full for a moment. */
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
  }
}

recordSome(Number(first));
