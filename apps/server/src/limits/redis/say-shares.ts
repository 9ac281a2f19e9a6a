import type { Share } from './create-lease-ledger.ts';
import type { LeaseDeps } from './open-lease.ts';
import { keyIn } from './wire-claim.ts';

type Saying = Pick<LeaseDeps, 'connection' | 'scripts' | 'leaseMs'> & {
  dataId: string;
  fresh: string;
  old: string;
  shares: readonly (readonly [string, Share])[];
};

/** Keys of one message: more of them would keep others waiting. */
const KEYS_MAX = 200;

/** All of it is sent in this turn, so what is sent after it finds all of it said. */
export function sayShares(
  { connection, scripts, leaseMs, dataId, fresh, old, shares }: Saying,
  done: (failed: readonly (readonly [string, Share])[] | undefined) => void,
): void {
  for (let from = 0; from === 0 || from < shares.length; from += KEYS_MAX) {
    const isLast = from + KEYS_MAX >= shares.length;
    const part = shares.slice(from, from + KEYS_MAX);
    const args = [fresh, old, String(leaseMs), isLast ? 'last' : 'more', ...part.flatMap(shareArgs)];
    connection.run(scripts.register, { keys: part.map(([key]) => keyIn(dataId, key)), args }, (reply) => {
      if (reply instanceof Error) done(part);
      else if (isLast) done(undefined);
    });
  }
}

function shareArgs([, { kind, amount, floor, charged, until }]: readonly [string, Share]): string[] {
  return [kind, ...[amount, floor, charged, until].map(String)];
}
