import {
  hasTestRedis,
  type LimitStep,
  limitSteps,
  openTestRedis,
  playLimits,
  type TestRedis,
} from '@app/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRedisSystem } from '../../../test/open-redis-system.ts';

const STARTED_AT_MS = Date.UTC(2026, 0, 31, 12);

describe.skipIf(!hasTestRedis({ isRequired: process.env.TESTS_REQUIRE_ALL === '1' }))(
  'counts in Redis',
  () => {
    let redis: TestRedis;
    beforeAll(async () => {
      redis = await openTestRedis();
    });
    afterAll(() => redis.close());

    test('are those of the model, whatever happens to calls, clocks and two servers', async () => {
      let taken = 0;
      let refused = 0;
      const play = async (steps: LimitStep[]): Promise<void> => {
        const system = await openRedisSystem(redis, STARTED_AT_MS);
        try {
          const played = await playLimits(system, steps, STARTED_AT_MS);
          taken += played.taken;
          refused += played.refused;
        } finally {
          system.close();
        }
      };
      await fc.assert(fc.asyncProperty(limitSteps(2, 40), play), { numRuns: 25, seed: 20_260_131 });
      expect(taken).toBeGreaterThan(50);
      expect(refused).toBeGreaterThan(20);
      // What a machine that does much else needs.
    }, 240_000);
  },
);
