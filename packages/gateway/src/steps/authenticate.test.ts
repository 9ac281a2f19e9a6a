import type { Permission } from '@app/contract';
import { aPrincipal, createFakeClock, createMemorySnapshot } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import type { Principal } from '../ports.ts';
import { createAuthenticate } from './authenticate.ts';

/** Counts what an observer could time. */
function open(held: Principal) {
  const { clock } = createFakeClock();
  const snapshot = createMemorySnapshot({ principals: { 'digest of good': held, 'digest of ': held } });
  const work = { digests: 0, lookUps: 0, clocks: 0 };
  const authenticate = createAuthenticate({
    snapshot: {
      ...snapshot,
      findPrincipal: (digest) => {
        work.lookUps += 1;
        return snapshot.findPrincipal(digest);
      },
    },
    digest: (text) => {
      work.digests += 1;
      return `digest of ${text}`;
    },
    clock: {
      ...clock,
      nowMs: () => {
        work.clocks += 1;
        return clock.nowMs();
      },
    },
  });
  return { authenticate, work, nowMs: clock.nowMs() };
}

const strangers: [string, string | undefined][] = [
  ['missing', undefined],
  ['empty', ''],
  ['unknown', 'bad'],
  ['far too long', 'x'.repeat(1_000_000)],
];

const IP = '203.0.113.7';
const FOR_CALLS = { permission: 'inference:call', ip: IP } as const;

describe('a key that is', () => {
  for (const [what, secret] of strangers) {
    test(`${what} gets the one 401 after the same work as a good key`, () => {
      const { authenticate, work } = open(aPrincipal());
      const found = authenticate(secret, FOR_CALLS);
      expect(found).toMatchObject({
        ok: false,
        error: { code: 'invalid_api_key', status: 401, message: 'Invalid API key provided' },
      });
      expect(work).toEqual({ digests: 1, lookUps: 1, clocks: 1 });
    });
  }

  test('good is let in after one digest, one look-up and one look at the clock', () => {
    const principal = aPrincipal();
    const { authenticate, work } = open(principal);
    expect(authenticate('good', FOR_CALLS)).toEqual({ ok: true, value: principal });
    expect(work).toEqual({ digests: 1, lookUps: 1, clocks: 1 });
  });

  test('expired is indistinguishable from one that never was, from its last millisecond on', () => {
    const { nowMs } = open(aPrincipal());
    const expired = open(aPrincipal({ expiresAtMs: nowMs })).authenticate('good', FOR_CALLS);
    const unknown = open(aPrincipal()).authenticate('bad', FOR_CALLS);
    expect(expired).toEqual(unknown);
    expect(open(aPrincipal({ expiresAtMs: nowMs + 1 })).authenticate('good', FOR_CALLS).ok).toBe(true);
  });
});

describe('a key that is good but', () => {
  const refusals: [string, Partial<Principal>, Permission, string][] = [
    [
      'for ingest is refused on inference',
      { kind: 'ingest', permissions: new Set(['traces:write']) },
      'inference:call',
      'key_kind_not_allowed',
    ],
    [
      'for ingest is refused on models',
      { kind: 'ingest', permissions: new Set(['traces:write']) },
      'models:read',
      'key_kind_not_allowed',
    ],
    [
      'lacks the permission is refused',
      { permissions: new Set(['models:read']) },
      'inference:call',
      'insufficient_permissions',
    ],
  ];
  for (const [what, changes, permission, code] of refusals) {
    test(`${what} with 403`, () => {
      const found = open(aPrincipal(changes)).authenticate('good', { permission, ip: IP });
      expect(found).toMatchObject({ ok: false, error: { code, status: 403 } });
    });
  }

  test('for ingest may send traces', () => {
    const ingest = aPrincipal({ kind: 'ingest', permissions: new Set(['traces:write']) });
    expect(open(ingest).authenticate('good', { permission: 'traces:write', ip: IP }).ok).toBe(true);
  });
});

describe('a key for some addresses', () => {
  const allowed = { hasAddress: (ip: string) => ip === IP };

  test('is let in from one of them, and told from where it may not be used', () => {
    const { authenticate } = open(aPrincipal({ allowed }));
    expect(authenticate('good', FOR_CALLS).ok).toBe(true);
    const elsewhere = authenticate('good', { ...FOR_CALLS, ip: '203.0.113.8' });
    expect(elsewhere).toMatchObject({ ok: false, error: { code: 'ip_not_allowed', status: 403 } });
  });

  test('is not told apart from one that never was when it has expired', () => {
    const { nowMs } = open(aPrincipal());
    const found = open(aPrincipal({ allowed, expiresAtMs: nowMs })).authenticate('good', {
      ...FOR_CALLS,
      ip: '203.0.113.8',
    });
    expect(found).toMatchObject({ ok: false, error: { code: 'invalid_api_key' } });
  });

  test('is looked at without its address where that was done before', () => {
    const { authenticate } = open(aPrincipal({ allowed: { hasAddress: () => false } }));
    expect(authenticate('good', { ...FOR_CALLS, ip: undefined }).ok).toBe(true);
  });
});
