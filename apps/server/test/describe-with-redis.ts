import { existsSync } from 'node:fs';
import { describe, test } from 'vitest';
import { REDIS_BINARY } from './debian-redis.ts';

/** Tests that need Redis. Without Debian's package they are skipped loudly, and fail where everything is required. */
export function describeWithRedis(title: string, define: () => void): void {
  if (existsSync(REDIS_BINARY)) {
    describe(title, define);
  } else if (process.env.TESTS_REQUIRE_ALL === '1') {
    test(title, () => {
      throw new Error("Debian's package redis-server is not installed, and TESTS_REQUIRE_ALL is 1.");
    });
  } else {
    // biome-ignore lint/suspicious/noConsole: what is skipped must be seen.
    console.warn(`SKIPPED: ${title}, because Debian's package redis-server is not installed.`);
  }
}
