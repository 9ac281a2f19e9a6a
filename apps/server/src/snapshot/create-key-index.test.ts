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
    index.apply(change(1, { expiresAtMs: 1_800_000_000_000, capture: 'metadata' }));
    expect(index.find(digestOf(1))).toEqual({
      keyId: 'key_00000000000000000000000001',
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

  test('a project whose content shall be redacted keeps none as long as nothing redacts it', () => {
    const index = createKeyIndex();
    index.apply(change(1, { capture: 'redacted' }));
    expect(index.find(digestOf(1))?.capture).toBe('metadata');
  });

  test('100,000 keys of 50 projects take at most 200 bytes each', () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const index = createKeyIndex();
    collect();
    const before = process.memoryUsage();
    for (let n = 0; n < 100_000; n += 1) {
      const parsed: KeyChange = JSON.parse(JSON.stringify(change(n, { projectId: `proj_${n % 50}` })));
      index.apply(n % 3 === 0 ? { ...parsed, expiresAtMs: 1_800_000_000_000 + n } : parsed);
    }
    collect();
    const after = process.memoryUsage();
    const bytes = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
    expect(index.size()).toBe(100_000);
    expect(bytes / 100_000).toBeLessThan(200);
  });
});
