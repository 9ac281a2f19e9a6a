import { createFindPeriod, type Limit, type LimitNews } from '@app/gateway';
import type { InsertNotice, StoredNotice } from '@app/store';
import { createFakeClock } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import { openBudgetNews } from './open-budget-news.ts';

const nowMs = Date.UTC(2026, 4, 10, 12);
const budget: Limit = {
  id: 'bud_1',
  name: 'team',
  organizationId: 'org_1',
  projectId: 'proj_1',
  scope: { kind: 'user', id: '*' },
  measure: 'cost',
  period: 'month',
  max: 100,
  enforcement: 'enforce',
  zone: 'UTC',
  budget: { action: { kind: 'block' }, warnPercents: [50], isStrict: false },
};

function open(changes: { insert?: (notices: readonly InsertNotice[]) => Promise<StoredNotice[]> } = {}) {
  const { schedule, advance } = createFakeClock(nowMs);
  const written: InsertNotice[] = [];
  const delivered: string[] = [];
  const warnings: string[] = [];
  let ids = 0;
  const news = openBudgetNews({
    insertBudgetNotices: async (notices) => {
      const stored = await changes.insert?.(notices);
      written.push(...notices);
      return stored ?? notices.map(storedOf);
    },
    findPeriod: createFindPeriod(),
    deliver: ({ id }) => delivered.push(id),
    newId: (prefix) => {
      ids += 1;
      return `${prefix}${ids}`;
    },
    schedule,
    onWarning: (message) => warnings.push(message),
  });
  const tell = (more: Partial<LimitNews> = {}) =>
    news.tell({
      kind: 'warned',
      limit: budget,
      subject: 'ann',
      percent: 50,
      used: 50,
      max: 100,
      atMs: nowMs,
      ...more,
    });
  /** Lets what was scheduled run to its end. */
  const settle = async (byMs: number) => {
    advance(byMs);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return { news, tell, settle, written, delivered, warnings };
}

function storedOf(notice: InsertNotice): StoredNotice {
  return { ...notice, organizationId: 'org_1', projectId: 'proj_1', told: ['owner'], answer: undefined };
}

describe('news of budgets', () => {
  test('are written together and delivered, each once per period and amount', async () => {
    const { tell, settle, written, delivered } = open();
    tell();
    tell();
    tell({ subject: 'bob' });
    tell({ kind: 'exhausted' });
    await settle(1_000);
    tell();
    tell({ max: 200 });
    tell({ atMs: Date.UTC(2026, 5, 1) });
    await settle(1_000);
    expect(written.map(({ kind, subject, available }) => [kind, subject, available])).toEqual([
      ['warned', 'ann', 100],
      ['warned', 'bob', 100],
      ['exhausted', 'ann', 100],
      ['warned', 'ann', 200],
      ['warned', 'ann', 100],
    ]);
    expect(written[0]?.periodStartMs).toBe(Date.UTC(2026, 4, 1));
    expect(delivered).toHaveLength(5);
  });

  test('that another server noted first are not delivered again', async () => {
    const { tell, settle, delivered } = open({ insert: async () => [] });
    tell();
    await settle(1_000);
    expect(delivered).toEqual([]);
  });

  test('of what is no budget, and of counters, are not written', async () => {
    const { tell, settle, written } = open();
    const { budget: _, ...limit } = budget;
    tell({ limit });
    tell({ kind: 'counters_away' });
    await settle(1_000);
    expect(written).toEqual([]);
  });

  test('wait while PostgreSQL is away, are told of once, and come when it is back', async () => {
    let isAway = true;
    const { tell, settle, delivered, warnings } = open({
      insert: async (notices) => {
        if (isAway) throw new Error('away');
        return notices.map(storedOf);
      },
    });
    tell();
    await settle(1_000);
    await settle(10_000);
    tell({ subject: 'bob' });
    await settle(10_000);
    expect(delivered).toEqual([]);
    expect(warnings).toHaveLength(1);
    isAway = false;
    await settle(10_000);
    expect(delivered).toHaveLength(2);
  });

  test('take a bounded room while PostgreSQL is away, and what finds none is counted', async () => {
    let isAway = true;
    const { tell, settle, written, warnings, news } = open({
      insert: async (notices) => {
        if (isAway) throw new Error('away');
        return notices.map(storedOf);
      },
    });
    for (let user = 0; user < 20_100; user += 1) tell({ subject: `user ${user}` });
    await settle(1_000);
    isAway = false;
    await news.close();
    expect(written).toHaveLength(20_000);
    expect(warnings.at(-1)).toContain('100 notices');
  });

  test('that wait when the server stops are written before it is gone', async () => {
    const { tell, news, delivered } = open();
    tell();
    await news.close();
    expect(delivered).toHaveLength(1);
  });
});
