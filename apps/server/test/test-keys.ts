import { createHmac } from 'node:crypto';
import type { Principal } from '@app/gateway';

/** Keys that every test server knows. */
export const testKeys = {
  live: 'tr_live_journey',
  sandbox: 'tr_test_journey',
  ingest: 'tt_live_journey',
  expired: 'tr_live_expired',
  noPermission: 'tr_live_reads_traces',
  slow: 'tr_live_two_a_minute',
  narrow: 'tr_live_one_at_a_time',
  quiet: 'tr_live_metadata_only',
  reader: 'tr_live_reads_responses',
  caller: 'tr_live_calls_only',
  lister: 'tr_live_reads_models',
  analyst: 'tr_live_reads_analytics',
  other: 'tr_live_other_project',
  confined: 'tr_live_some_models',
  elsewhere: 'tr_live_other_address',
} as const;

const principal: Principal = {
  keyId: 'key_live',
  organizationId: 'org_test',
  projectId: 'proj_test',
  kind: 'gateway',
  mode: 'live',
  environment: 'development',
  permissions: new Set(['inference:call', 'models:read', 'responses:read']),
  expiresAtMs: undefined,
  requestsPerMinuteMax: Number.POSITIVE_INFINITY,
  concurrencyMax: Number.POSITIVE_INFINITY,
  capture: 'full',
};

const principals: { [key in keyof typeof testKeys]: Partial<Principal> } = {
  live: {},
  sandbox: { keyId: 'key_test', mode: 'test' },
  ingest: { keyId: 'key_ingest', kind: 'ingest', permissions: new Set(['traces:write']) },
  expired: { keyId: 'key_expired', expiresAtMs: 1 },
  noPermission: { keyId: 'key_traces', permissions: new Set(['traces:read']) },
  slow: { keyId: 'key_slow', requestsPerMinuteMax: 2 },
  narrow: { keyId: 'key_narrow', concurrencyMax: 1 },
  quiet: { keyId: 'key_quiet', capture: 'metadata' },
  reader: { keyId: 'key_reader', permissions: new Set(['responses:read']) },
  caller: { keyId: 'key_caller', permissions: new Set(['inference:call']) },
  lister: { keyId: 'key_lister', permissions: new Set(['models:read']) },
  other: { keyId: 'key_other', projectId: 'proj_other' },
  confined: { keyId: 'key_confined', allowed: { models: ['gpt-4o*', 'embed-1'], providers: ['one'] } },
  elsewhere: { keyId: 'key_elsewhere', allowed: { hasAddress: (ip) => ip === '203.0.113.7' } },
  analyst: { keyId: 'key_analyst', permissions: new Set(['analytics:read']) },
};

export const digest = (text: string): string =>
  createHmac('sha256', 'test pepper').update(text).digest('base64url');

const byDigest = new Map(
  Object.entries(testKeys).map(([name, secret]) => [
    digest(secret),
    { ...principal, ...principals[name as keyof typeof testKeys] },
  ]),
);

/** Finds the test keys by digest, as the real snapshot does. */
export function findTestPrincipal(wanted: string): Principal | undefined {
  return byDigest.get(wanted);
}
