import { expect, test } from 'vitest';
import { NO_PRICES } from './price-of.ts';
import { openRowThread } from './row-thread.ts';

const bytes = new Uint8Array(32);
const given = {
  ...{ key: bytes, contentKey: bytes, nameKey: bytes, prices: NO_PRICES, loadBytesMax: 1 },
  ...{ recentEntriesMax: 1, recentAgeMsMax: 1 },
};
const script = (text: string) => new URL(`data:text/javascript,${encodeURIComponent(text)}`);
const segment = { id: 'a', path: '/nowhere' };

test('a thread that cannot start blames no segment', async () => {
  const thread = openRowThread(given, script("throw new Error('No such module.')"));
  await expect(thread.read(segment, async () => undefined)).rejects.toThrow('No such module.');
  const left = openRowThread(given, script('process.exit(3)'));
  await expect(left.read(segment, async () => undefined)).rejects.toThrow('ended');
});

test('a thread that dies over a segment blames the segment', async () => {
  const dies = `import { parentPort } from 'node:worker_threads';
    parentPort.postMessage({ kind: 'ready' });
    parentPort.on('message', () => { throw new RangeError('Too deep.'); });`;
  const thread = openRowThread(given, script(dies));
  const reading = await thread.read(segment, async () => undefined);
  expect(reading).toMatchObject({ kind: 'unreadable', error: 'RangeError' });
});
