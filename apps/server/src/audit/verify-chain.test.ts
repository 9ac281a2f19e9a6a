import { randomBytes } from 'node:crypto';
import type { StoredAuditEvent } from '@app/store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bindEvents, FIRST_PREVIOUS, headMacOf } from './bind-events.ts';
import { type ChainHead, type VerifyInput, verifyChain } from './verify-chain.ts';

const organizationId = 'org_test';
const key = Buffer.alloc(32, 5);
const runs = { seed: 20261122, numRuns: 80 };

type Chain = { events: StoredAuditEvent[]; head: ChainHead };

function chainOf(length: number, name = 'event', from?: Chain): Chain {
  const start = from?.head ?? { sequence: 0, mac: FIRST_PREVIOUS };
  const drafts = Array.from({ length }, (_, at) => draft(`${name}-${start.sequence + at + 1}`));
  const { events, head } = bindEvents(key, { organizationId, ...start }, drafts);
  return { events: [...(from?.events ?? []), ...events], head };
}

function draft(id: string) {
  const nothing = { actorLabel: null, actorRole: null, actorSession: null, userAgent: null, requestId: null };
  const more = { projectId: null, targetKind: null, targetId: null, targetName: null, reason: null };
  const actor = { actorKind: 'person', actorId: 'ada', ip: '192.0.2.1', ...nothing };
  const what = { action: 'key.create', outcome: 'done', before: null, after: `{"id":"${id}"}`, count: 1 };
  return { id, atMs: 1_700_000_000_000, ...actor, ...more, ...what };
}

const verify = ({ events, head }: Chain, more: Partial<VerifyInput> = {}) =>
  verifyChain({ organizationId, key, events, readHead: async () => head, ...more });

const kindsOf = async (chain: Chain, more?: Partial<VerifyInput>) =>
  (await verify(chain, more)).faults.map(({ kind, sequence }) => `${kind} ${sequence}`);

const renumbered = (events: readonly StoredAuditEvent[]) =>
  events.map((event, at) => ({ ...event, sequence: at + 1 }));

describe('a chain of links', () => {
  test('is whole when nobody touched it, whatever its length', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(60), async (length) => {
        const found = await verify(chainOf(length));
        expect(found).toMatchObject({ checked: length, faults: [] });
      }),
      runs,
    );
  });

  test('names an event of which any field was edited', async () => {
    const fields = [
      'id',
      'atMs',
      'action',
      'outcome',
      'actorKind',
      'actorId',
      'ip',
      'before',
      'after',
      'reason',
      'count',
      'targetId',
      'projectId',
    ] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.nat(),
        fc.constantFrom(...fields),
        async (length, pick, field) => {
          const chain = chainOf(length);
          const at = pick % length;
          const changed = field === 'atMs' || field === 'count' ? 7 : 'something else';
          const events = chain.events.with(at, { ...chainAt(chain, at), [field]: changed });
          expect(await kindsOf({ ...chain, events })).toEqual([`edited ${at + 1}`]);
        },
      ),
      runs,
    );
  });

  test('names an event whose mac was made up', async () => {
    const chain = chainOf(12);
    const events = chain.events.with(5, { ...chainAt(chain, 5), after: '{}', mac: randomBytes(32) });
    expect(await kindsOf({ ...chain, events })).toEqual(['edited 6']);
  });

  test('names what was deleted, whether or not the rest was numbered anew', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 40 }),
        fc.nat(),
        fc.boolean(),
        async (length, pick, renumbers) => {
          const chain = chainOf(length);
          const at = pick % (length - 1);
          const left = chain.events.toSpliced(at, 1);
          const events = renumbers ? renumbered(left) : left;
          expect(await kindsOf({ ...chain, events })).toEqual([`missing ${at + 1}`]);
        },
      ),
      runs,
    );
  });

  test('names what was inserted, in the middle and at the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.nat(), async (length, pick) => {
        const chain = chainOf(length);
        const at = pick % (length + 1);
        const own = chainAt(chain, Math.min(at, length - 1));
        const forged = { ...own, id: 'forged', mac: randomBytes(32) };
        const events = renumbered(chain.events.toSpliced(at, 0, forged));
        expect(await kindsOf({ ...chain, events })).toEqual([`inserted ${at + 1}`]);
      }),
      runs,
    );
  });

  test('names a copy of an event of its own', async () => {
    const chain = chainOf(9);
    const events = renumbered([...chain.events, chainAt(chain, 3)]);
    expect(await kindsOf({ ...chain, events })).toEqual(['inserted 10']);
  });

  test('names what was reordered, whether or not numbers moved along', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 30 }), fc.nat(), fc.nat(), async (length, one, two) => {
        const chain = chainOf(length);
        const [left, right] = [one % length, two % length];
        fc.pre(left !== right);
        const swapped = chain.events.with(left, chainAt(chain, right)).with(right, chainAt(chain, left));
        const kinds = await kindsOf({ ...chain, events: renumbered(swapped) });
        expect(kinds.length).toBeGreaterThan(0);
        expect(kinds).not.toEqual([]);
        expect(kinds.filter((kind) => !kind.startsWith('reordered'))).toEqual([]);
      }),
      runs,
    );
  });

  test('names where it was truncated, also down to nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.nat(), async (length, pick) => {
        const chain = chainOf(length);
        const kept = pick % length;
        const events = chain.events.slice(0, kept);
        expect(await kindsOf({ ...chain, events })).toEqual([`truncated ${kept + 1}`]);
      }),
      runs,
    );
  });

  test('with a head put back to an older one is found truncated by a signed copy alone', async () => {
    const older = chainOf(10);
    const chain = chainOf(10, 'event', older);
    const anchor = { sequence: 15, mac: chainAt(chain, 14).mac };
    expect(await kindsOf(older)).toEqual([]);
    expect(await kindsOf(older, { anchors: [anchor] })).toEqual(['truncated 11']);
  });

  test('made anew by somebody who has its key is found forked by a signed copy', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 30 }), fc.nat(), fc.nat(), async (length, pick, copied) => {
        const own = chainOf(length);
        const at = pick % length;
        const stem = { events: own.events.slice(0, at), head: headAt(own, at) };
        const forged = chainOf(length - at, 'forged', stem);
        const anchored = at + (copied % (length - at));
        const anchors = [{ sequence: anchored + 1, mac: chainAt(own, anchored).mac }];
        expect(await kindsOf(forged)).toEqual([]);
        expect(await kindsOf(forged, { anchors })).toEqual([`forked ${anchored + 1}`]);
      }),
      runs,
    );
  });

  test('of which one branch was grafted onto another is found forked without a copy', async () => {
    const own = chainOf(10);
    const other = chainOf(10, 'other');
    const events = [...own.events.slice(0, 4), ...other.events.slice(4)];
    expect(await kindsOf({ events, head: other.head })).toEqual(['forked 5']);
  });

  test('whose head was edited, removed or put back says so', async () => {
    const chain = chainOf(5);
    const edited = { ...chain.head, sequence: 4 };
    expect(await kindsOf({ ...chain, head: edited })).toEqual(['edited 4']);
    expect(await kindsOf(chain, { readHead: async () => undefined })).toEqual(['edited 5']);
    expect(await kindsOf({ ...chain, head: headAt(chain, 3) })).toEqual(['forked 3']);
  });

  test('may grow while it is looked at', async () => {
    const older = chainOf(5);
    const chain = chainOf(5, 'event', older);
    const heads = [older.head, chain.head];
    const found = await verify(chain, { readHead: async () => heads.shift() });
    expect(found.faults).toEqual([]);
  });

  test('begins where the rules took its beginning out, and nowhere else', async () => {
    const chain = chainOf(20);
    const floor = chainAt(chain, 7);
    const events = chain.events.slice(7);
    expect(await kindsOf({ ...chain, events }, { floor })).toEqual([]);
    expect(await kindsOf({ ...chain, events })).toEqual(['missing 1']);
    expect(await kindsOf({ ...chain, events: events.slice(1) }, { floor })).toEqual(['missing 8']);
  });

  test('with thousands of faults is told in bounded time and number', async () => {
    const chain = chainOf(3_000);
    const events = chain.events.map((event) => ({ ...event, after: 'x' }));
    const { faults, checked } = await verify({ ...chain, events });
    expect(checked).toBe(3_000);
    expect(faults).toHaveLength(200);
    expect(faults.every(({ kind }) => kind === 'edited')).toBe(true);
  });
});

function chainAt({ events }: Chain, at: number): StoredAuditEvent {
  const event = events[at];
  if (event === undefined) throw new Error(`There is no event at ${at}.`);
  return event;
}

function headAt(chain: Chain, sequence: number): ChainHead {
  const mac = sequence === 0 ? FIRST_PREVIOUS : chainAt(chain, sequence - 1).mac;
  return { sequence, mac, headMac: headMacOf(key, organizationId, { sequence, mac }) };
}
