import { beforeAll, expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import type { Postgres } from './open-postgres.ts';
import { deleteExpiredInlineKeys } from './queries/delete-expired-inline-keys.ts';
import { type InlineKey, insertInlineKey } from './queries/insert-inline-key.ts';
import { listInlineKeys } from './queries/list-inline-keys.ts';

const nowMs = Date.UTC(2026, 4, 1);

function keyOf(generation: number): InlineKey {
  return {
    generation,
    kid: `ik_${generation}`,
    publicPem: `pem ${generation}`,
    sealed: Buffer.from([generation, 0, 255]),
    createdAtMs: nowMs + generation,
    replacedAtMs: nowMs + generation * 10,
    expiresAtMs: nowMs + generation * 100,
  };
}

describeOnEveryPostgres('the key pairs for inline provider keys', (engine) => {
  let db: Postgres;
  beforeAll(async () => {
    db = await engine.open();
  });

  test('of servers that make a generation at once, one is first and all read its key', async () => {
    const offers = ['one', 'two', 'three'].map((kid) => insertInlineKey(db)({ ...keyOf(1), kid }));
    const won = await Promise.all(offers);
    expect(won.filter(Boolean)).toHaveLength(1);
    const [kept] = await listInlineKeys(db)();
    expect(kept).toEqual({ ...keyOf(1), kid: ['one', 'two', 'three'][won.indexOf(true)] });
  });

  test('the two newest are listed, and what has expired is destroyed but for the newest', async () => {
    for (const generation of [2, 3]) await insertInlineKey(db)(keyOf(generation));
    expect((await listInlineKeys(db)()).map(({ generation }) => generation)).toEqual([3, 2]);
    await deleteExpiredInlineKeys(db)({ nowMs: nowMs + 199 });
    expect((await listInlineKeys(db)()).map(({ generation }) => generation)).toEqual([3, 2]);
    await deleteExpiredInlineKeys(db)({ nowMs: nowMs + 1_000 });
    expect((await listInlineKeys(db)()).map(({ generation }) => generation)).toEqual([3]);
  });
});
