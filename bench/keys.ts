import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createKeyIndex, type KeyIndex } from '../apps/server/src/snapshot/create-key-index.ts';
import type { KeyChange } from '../packages/store/src/index.ts';

/**
 * What a million keys cost in memory, and whether looking one up costs more than among ten. Half of the keys carry labels
 * and lists, of 1,000 different kinds; a third of them end some day.
 */
const COUNTS = [10, 1_000, 100_000, 1_000_000];
const LOOK_UPS = 20_000;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const digestOf = (n: number) => createHash('sha256').update(String(n)).digest('base64url');

function changeOf(n: number): KeyChange {
  const kind = n % 1_000;
  return {
    sequence: n,
    id: `key_${String(n).padStart(26, '0')}`,
    organizationId: 'org_1',
    projectId: `proj_${n % 50}`,
    kind: 'gateway',
    mode: 'live',
    environment: 'production',
    permissions: ['inference:call', 'models:read', 'responses:read'],
    digest: digestOf(n),
    expiresAtMs: n % 3 === 0 ? 1_800_000_000_000 + n : undefined,
    revokedAtMs: undefined,
    requestsPerMinuteMax: 600,
    concurrencyMax: 64,
    capture: 'full',
    ...(n % 2 === 0 && {
      tags: [`team-${kind}`, 'batch'],
      models: ['gpt-5', 'acme/*'],
      ipRanges: ['10.0.0.0/8', `192.0.2.${kind % 256}`],
    }),
  };
}

/** The store's driver gives each text a memory of its own, as the parser of JSON does. */
function asFromStore(change: KeyChange): KeyChange {
  return JSON.parse(JSON.stringify(change));
}

function bytesInUse(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Nanoseconds of one look-up, the best of thirty rounds, among keys drawn evenly. */
function lookUpNs(index: KeyIndex, count: number): number {
  const digests = Array.from({ length: 1_000 }, (_, at) => digestOf(Math.floor((at * count) / 1_000)));
  const rounds = Array.from({ length: 30 }, () => {
    const startedAt = process.hrtime.bigint();
    for (let n = 0; n < LOOK_UPS; n += 1) {
      if (index.find(digests[n % digests.length] ?? '') === undefined) throw new Error('A key is missing.');
    }
    return Number(process.hrtime.bigint() - startedAt) / LOOK_UPS;
  });
  return Math.min(...rounds);
}

for (const count of COUNTS) {
  const before = bytesInUse();
  const index = createKeyIndex();
  for (let n = 0; n < count; n += 1) index.apply(asFromStore(changeOf(n)));
  const bytes = (bytesInUse() - before) / count;
  const ns = lookUpNs(index, count);
  process.stdout.write(
    `${String(count).padStart(9)} keys  ${bytes.toFixed(0).padStart(7)} bytes a key  ${ns.toFixed(0).padStart(5)} ns a look-up\n`,
  );
}
