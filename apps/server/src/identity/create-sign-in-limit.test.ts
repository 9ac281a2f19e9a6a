import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { createSignInLimit, type Try } from './create-sign-in-limit.ts';

let db: TestStore;
let now = 0;
let round = 0;
beforeAll(async () => {
  db = await openTestStore();
});
afterAll(() => db.close());
beforeEach(() => {
  now += 40 * 3_600_000;
  round += 1;
});

/** One of several servers on the same PostgreSQL. */
const open = () =>
  createSignInLimit({ signIn: db.store.signIn, digest: (text) => `digest of ${text}`, nowMs: () => now });

const at = (ip: string, account = `ada${round}@example.com`): Try => ({ kind: 'sign-in', ip, account });

/** A try that fails; how long the next has to wait, where it may not even be made. */
async function fail(attempt: Try): Promise<number> {
  const admitted = await open().admit(attempt);
  return admitted.ok ? 0 : admitted.retryAfterS;
}

async function succeed(attempt: Try): Promise<void> {
  const admitted = await open().admit(attempt);
  if (!admitted.ok) throw new Error('was not admitted');
  await admitted.settle('done');
}

describe('failed tries at one account', () => {
  test('cost nothing at first, then ever longer waits, to a quarter of an hour', async () => {
    for (let n = 0; n < 6; n += 1) expect(await fail(at(`192.0.2.${n}`))).toBe(0);
    const waits: number[] = [];
    for (let n = 10; n < 25; n += 1) {
      const wait = await fail(at(`192.0.2.${n}`));
      waits.push(wait);
      now += wait * 1_000;
      expect(await fail(at(`192.0.2.${n}`))).toBe(0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900, 900]);
  });

  test('keep nobody out who signed in from there before, however many there are', async () => {
    const home = at('198.51.100.7');
    await succeed(home);
    for (let n = 0; n < 50; n += 1) await fail(at(`203.0.113.${n}`));
    expect(await fail(at('203.0.113.200'))).toBeGreaterThan(0);
    for (let n = 0; n < 5; n += 1) expect(await fail(home)).toBe(0);
    expect((await open().admit(home)).ok).toBe(true);
  });

  test('at a place that is known count there alone, and are forgotten once somebody gets in', async () => {
    const home = at('198.51.100.8');
    await succeed(home);
    for (let n = 0; n < 5; n += 1) await fail(home);
    await succeed(home);
    for (let n = 0; n < 6; n += 1) expect(await fail(home)).toBe(0);
    expect(await fail(home)).toBe(1);
  });

  test('are forgotten after a day', async () => {
    for (let n = 0; n < 8; n += 1) {
      await fail(at('192.0.2.1'));
      now += 1_000_000;
    }
    now += 25 * 3_600_000;
    for (let n = 0; n < 6; n += 1) expect(await fail(at('192.0.2.1'))).toBe(0);
  });

  test('made a hundred at once get no further than one after the other', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, n) => open().admit(at(`192.0.2.${n}`))),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(6);
  });

  test('that turn out well take their count back', async () => {
    for (let n = 0; n < 40; n += 1) await succeed(at(`192.0.2.${n}`));
    expect(await fail(at('192.0.2.250'))).toBe(0);
  });
});

test('one network is slowed down whatever account it tries, by the subscriber where it is IPv6', async () => {
  const tryFrom = (n: number) =>
    fail(at(`2001:db8:0:${round}::${n.toString(16)}`, `someone${n}@example.com`));
  for (let n = 1; n <= 31; n += 1) expect(await tryFrom(n)).toBe(0);
  expect(await tryFrom(32)).toBe(1);
  expect(await fail(at(`2001:db8:1:${round}::1`, 'somebody@example.com'))).toBe(0);
});

test('nobody can read accounts or addresses out of what is kept', async () => {
  const limit = createSignInLimit({
    signIn: db.store.signIn,
    digest: (text) => Buffer.from(text).toString('base64url').replace(/./g, 'x'),
    nowMs: () => now,
  });
  const admitted = await limit.admit(at('192.0.2.77', 'secret-person@example.com'));
  if (admitted.ok) await admitted.settle('done');
  const pool = db.store.openAuthPool();
  const { rows } = await pool.query(
    'select key from public.sign_in_attempts union select account || place from public.sign_in_places',
  );
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toMatch(/secret-person|192\.0\.2\.77/);
});
