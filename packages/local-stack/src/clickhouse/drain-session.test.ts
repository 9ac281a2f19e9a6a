import { expect, test } from 'vitest';
import { openTestBridge } from '../../test/open-test-bridge.ts';
import { drainSession } from './drain-session.ts';

// What a query has written when it fails before its first rows leave the engine, by error and by time.
const failing = [
  "SELECT 'LEAK', throwIf(number = 3) FROM numbers(10) FORMAT JSON",
  "SELECT 'LEAK', count() FROM numbers(100000000000) WHERE cityHash64(number) = 1 FORMAT JSON",
];

/** How many of the good queries came back with something else before or in their answer. */
async function countForeignAnswers(options: { isDrained: boolean }): Promise<number> {
  const bridge = await openTestBridge(options);
  try {
    let foreign = 0;
    for (const sql of failing) {
      await bridge.query(sql);
      for (const answer of [
        await bridge.query("SELECT 'good' FORMAT TSV"),
        await bridge.query('SELECT 2 FORMAT TSV'),
      ]) {
        if (!['good\n', '2\n'].includes(answer)) foreign += 1;
      }
    }
    return foreign;
  } finally {
    await bridge.close();
  }
}

test('no answer begins with what a failed query left behind', async () => {
  expect(await countForeignAnswers({ isDrained: true })).toBe(0);
});

test('without draining it does, so the test above can fail', async () => {
  expect(await countForeignAnswers({ isDrained: false })).toBeGreaterThan(0);
});

test('a session that stays dirty is reported', async () => {
  const dirty = { queryAsync: async () => ({ text: () => 'rows of another\n' }) };
  expect(await drainSession(dirty)).toBe(false);
});

test('a session is clean once its mark alone comes back', async () => {
  let asked = 0;
  const recovering = {
    queryAsync: async (sql: string) => {
      asked += 1;
      if (asked === 1) throw new Error('the old failure');
      const mark = /'(.*)'/.exec(sql)?.[1];
      return { text: () => (asked === 2 ? `old rows${mark}\n` : `${mark}\n`) };
    },
  };
  expect(await drainSession(recovering)).toBe(true);
  expect(asked).toBe(3);
});
