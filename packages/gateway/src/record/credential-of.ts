import type { AttemptRecord, Target } from '../ports.ts';

/** With which of the provider's keys an attempt was made, where that is not plain. */
export function credentialOf({ credential }: Target): Pick<AttemptRecord, 'credential'> {
  return credential === undefined ? {} : { credential };
}
