import { beforeAll, expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { insertTenant } from '../../test/tenants.ts';
import { responseTables } from './response-tables.ts';

const createdAtMs = Date.UTC(2026, 4, 1);
const mode = 'live';
const INJECTION = "' or '1'='1";

describeOnEveryPostgres('conversations', (engine) => {
  let conversations: ReturnType<typeof responseTables>['conversations'];
  beforeAll(async () => {
    const db = await engine.open();
    for (const name of ['a', 'b']) await insertTenant(db, name);
    conversations = responseTables(db).conversations;
  });

  const open = async (id: string) =>
    conversations.insertConversation('proj_a', {
      mode,
      id,
      keyId: 'key_1',
      createdAtMs,
      sealed: Buffer.from('metadata'),
    });
  const add = (conversationId: string, ids: string[], project = 'proj_a') =>
    conversations.insertConversationItems(project, {
      mode,
      conversationId,
      items: ids.map((id) => ({ id, sealed: Buffer.from(`sealed ${id}`) })),
      usedAtMs: createdAtMs + 1,
    });
  const page = async (
    conversationId: string,
    changes: { after?: string; isAscending?: boolean; limit?: number } = {},
  ) => {
    const rows = await conversations.listConversationItems('proj_a', {
      mode,
      conversationId,
      after: changes.after,
      isAscending: changes.isAscending ?? true,
      limit: changes.limit ?? 100,
    });
    return rows.map(({ id }) => id);
  };

  test('items keep the order in which they were added, and one that comes twice is there once', async () => {
    await open('conv_1');
    expect(await add('conv_1', ['msg_3', 'msg_1', 'msg_2'])).toBe(true);
    expect(await add('conv_1', ['msg_1', 'msg_9'])).toBe(true);
    expect(await page('conv_1')).toEqual(['msg_3', 'msg_1', 'msg_2', 'msg_9']);
    expect(await page('conv_1', { isAscending: false, limit: 2 })).toEqual(['msg_9', 'msg_2']);
    expect(await page('conv_1', { isAscending: false, after: 'msg_2' })).toEqual(['msg_1', 'msg_3']);
    expect(await page('conv_1', { after: 'msg_1', limit: 1 })).toEqual(['msg_2']);
    expect(await page('conv_1', { after: 'msg_none' })).toEqual([]);
    const measured = await conversations.measureConversation('proj_a', { mode, id: 'conv_1' });
    expect(measured).toEqual({ count: 4, bytes: 48 });
  });

  test('two calls that end at once add their items whole and lose none', async () => {
    await open('conv_race');
    const turns = Array.from({ length: 8 }, (_, turn) => [`msg_${turn}a`, `msg_${turn}b`]);
    await Promise.all(turns.map((ids) => add('conv_race', ids)));
    const ids = await page('conv_race');
    expect(ids).toHaveLength(16);
    for (const [first, second] of turns) {
      expect(ids.indexOf(second ?? '')).toBe(ids.indexOf(first ?? '') + 1);
    }
  });

  test('another project and the other mode neither see a conversation nor add to it', async () => {
    await open('conv_mine');
    await add('conv_mine', ['msg_mine']);
    const strangers = [
      ['proj_b', 'live'],
      ['proj_a', 'test'],
      [INJECTION, 'live'],
    ] as const;
    for (const [project, strange] of strangers) {
      const named = { mode: strange, id: 'conv_mine' };
      expect(await conversations.findConversation(project, named)).toBeUndefined();
      expect(await conversations.measureConversation(project, named)).toBeUndefined();
      expect(await conversations.deleteConversation(project, named)).toBe(false);
      const change = { ...named, sealed: Buffer.from('x'), usedAtMs: createdAtMs };
      expect(await conversations.updateConversation(project, change)).toBeUndefined();
      const item = { mode: strange, conversationId: 'conv_mine', id: 'msg_mine' };
      expect(await conversations.findConversationItem(project, item)).toBeUndefined();
      expect(await conversations.deleteConversationItem(project, item)).toBe(false);
      const wanted = { mode: strange, itemIds: ['msg_mine'] };
      expect(await conversations.listItemsOfConversations(project, wanted)).toEqual([]);
    }
    expect(await add('conv_mine', ['msg_b'], 'proj_b')).toBe(false);
    expect(await add(INJECTION, ['msg_b'])).toBe(false);
    expect(await page('conv_mine')).toEqual(['msg_mine']);
  });

  test('items are found by their names, whatever the conversation', async () => {
    const found = await conversations.listItemsOfConversations('proj_a', {
      mode,
      itemIds: ['msg_mine', 'msg_9', 'msg_none'],
    });
    expect(found.map(({ conversationId, id }) => [conversationId, id])).toEqual([
      ['conv_1', 'msg_9'],
      ['conv_mine', 'msg_mine'],
    ]);
  });

  test('a conversation goes with its items, and one that nobody used goes by itself', async () => {
    await open('conv_old');
    await add('conv_old', ['msg_old']);
    expect(await conversations.deleteConversation('proj_a', { mode, id: 'conv_1' })).toBe(true);
    expect(await page('conv_1')).toEqual([]);
    const due = (unusedSinceMs: number) =>
      conversations.deleteUnusedConversations({ unusedSinceMs, limit: 10 });
    expect(await due(createdAtMs)).toBe(0);
    const change = { mode, id: 'conv_old', sealed: Buffer.from('new'), usedAtMs: createdAtMs + 9 } as const;
    expect(await conversations.updateConversation('proj_a', change)).toEqual({ createdAtMs });
    expect(await due(createdAtMs + 5)).toBe(2);
    expect(await conversations.findConversation('proj_a', { mode, id: 'conv_old' })).toEqual({
      createdAtMs,
      sealed: Buffer.from('new'),
    });
    expect(await page('conv_old')).toEqual(['msg_old']);
  });
});
