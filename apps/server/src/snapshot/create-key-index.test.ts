import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { KeyChange } from '@app/store';
import { describe, expect, test } from 'vitest';
import { createKeyIndex } from './create-key-index.ts';

const digestOf = (n: number) => createHash('sha256').update(String(n)).digest('base64url');

function change(n: number, more: Partial<KeyChange> = {}): KeyChange {
  return {
    sequence: n,
    id: `key_${String(n).padStart(26, '0')}`,
    organizationId: 'org_1',
    projectId: 'proj_1',
    kind: 'gateway',
    mode: 'live',
    environment: 'production',
    permissions: ['inference:call', 'models:read'],
    digest: digestOf(n),
    expiresAtMs: undefined,
    revokedAtMs: undefined,
    requestsPerMinuteMax: 600,
    concurrencyMax: 64,
    capture: 'full',
    ...more,
  };
}

describe('the key index', () => {
  test('finds a key by its digest, with everything it stands for', () => {
    const index = createKeyIndex();
    index.apply(change(1, { name: 'ci', expiresAtMs: 1_800_000_000_000, capture: 'metadata' }));
    expect(index.find(digestOf(1))).toEqual({
      keyId: 'key_00000000000000000000000001',
      keyName: 'ci',
      organizationId: 'org_1',
      projectId: 'proj_1',
      kind: 'gateway',
      mode: 'live',
      environment: 'production',
      permissions: new Set(['inference:call', 'models:read']),
      expiresAtMs: 1_800_000_000_000,
      requestsPerMinuteMax: 600,
      concurrencyMax: 64,
      capture: 'metadata',
    });
  });

  test('does not find what is not there, whatever it looks like', () => {
    const index = createKeyIndex();
    index.apply(change(1));
    for (const digest of [digestOf(2), '', 'not base64 §', digestOf(1).slice(0, 20)]) {
      expect(index.find(digest)).toBeUndefined();
    }
  });

  test('a revoked key is gone, a changed one is changed, and its neighbours stay what they are', () => {
    const index = createKeyIndex();
    for (let n = 0; n < 200; n += 1) index.apply(change(n));
    index.apply(change(7, { revokedAtMs: 1 }));
    index.apply(change(7, { revokedAtMs: 1 }));
    index.apply(change(8, { permissions: ['traces:read'], expiresAtMs: 5 }));
    index.apply(change(8, { permissions: ['traces:read'] }));
    index.apply(change(1_000));
    expect(index.size()).toBe(200);
    expect(index.find(digestOf(7))).toBeUndefined();
    expect(index.find(digestOf(8))).toMatchObject({
      permissions: new Set(['traces:read']),
      expiresAtMs: undefined,
    });
    for (const n of [6, 9, 199, 1_000]) {
      expect(index.find(digestOf(n))?.keyId).toBe(`key_${String(n).padStart(26, '0')}`);
    }
  });

  test('a key keeps of its calls and spans what its project says', () => {
    const index = createKeyIndex();
    for (const capture of ['full', 'redacted', 'metadata'] as const) {
      index.apply(change(1, { capture }));
      expect(index.find(digestOf(1))?.capture).toBe(capture);
    }
  });

  test('a key carries its labels and what it is confined to, and one that is confined to nothing carries neither', () => {
    const index = createKeyIndex();
    const lists = { models: ['gpt-5', 'acme/*'], providers: ['acme'], ipRanges: ['10.0.0.0/8'] };
    index.apply(change(1, { tags: ['team-a'], ...lists }));
    index.apply(change(2));
    const found = index.find(digestOf(1));
    expect(found?.tags).toEqual(['team-a']);
    expect(found?.allowed).toMatchObject({ models: lists.models, providers: lists.providers });
    expect(found?.allowed?.hasAddress?.('10.1.2.3')).toBe(true);
    expect(found?.allowed?.hasAddress?.('11.1.2.3')).toBe(false);
    expect(index.find(digestOf(2))).not.toHaveProperty('allowed');
    expect(index.find(digestOf(2))).not.toHaveProperty('tags');
    index.apply(change(1, { models: ['gpt-5'] }));
    expect(index.find(digestOf(1))?.allowed).toEqual({ models: ['gpt-5'] });
  });

  test('keys with the same lists share one matcher', () => {
    const index = createKeyIndex();
    for (const n of [1, 2]) index.apply(change(n, { ipRanges: ['10.0.0.0/8'] }));
    expect(index.find(digestOf(1))?.allowed).toBe(index.find(digestOf(2))?.allowed);
  });

  test('what no key stands for any more is forgotten: a key that is changed over and over takes no more memory', () => {
    const index = createKeyIndex();
    const changeMany = (from: number) => {
      for (let n = from; n < from + 20_000; n += 1) index.apply(change(1, { tags: [`label ${n}`] }));
    };
    changeMany(0);
    const before = bytesInUse();
    changeMany(20_000);
    expect(bytesInUse() - before).toBeLessThan(1_000_000);
    expect(index.find(digestOf(1))?.tags).toEqual(['label 39999']);
  });

  test('100,000 keys of 50 projects take at most 200 bytes each', () => {
    const index = createKeyIndex();
    const before = bytesInUse();
    for (let n = 0; n < 100_000; n += 1) {
      const lists =
        n % 2 === 0 ? { tags: [`team-${n % 20}`], models: ['gpt-5'], ipRanges: ['10.0.0.0/8'] } : {};
      const wanted = change(n, { name: `key ${n}`, projectId: `proj_${n % 50}`, ...lists });
      const parsed: KeyChange = JSON.parse(JSON.stringify(wanted));
      index.apply(n % 3 === 0 ? { ...parsed, expiresAtMs: 1_800_000_000_000 + n } : parsed);
    }
    const bytes = bytesInUse() - before;
    expect(index.size()).toBe(100_000);
    expect(bytes / 100_000).toBeLessThan(200);
  });
});

function bytesInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
