import type { Clock } from '../ports.ts';
import { type Admit, createAdmit } from '../steps/admit.ts';
import { createConcurrency } from './concurrency.ts';
import { createTokenBucket } from './token-bucket.ts';

/** The limits of keys, counted in this process; shared by all that counts against the same ones. */
export function openAdmission(clock: Clock): Admit {
  return createAdmit({ requests: createTokenBucket(clock), concurrency: createConcurrency() });
}
