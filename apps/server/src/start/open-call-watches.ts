import type { Schedule } from '@app/gateway';
import type { Store } from '@app/store';
import type { Logger } from 'pino';
import { openAddressWatch } from '../alerts/open-address-watch.ts';
import { openRefusalCount } from '../alerts/open-refusal-count.ts';
import type { ClosingStack } from './closing-stack.ts';

export type CallWatchesDeps = {
  store: Pick<Store, 'alerts'>;
  serverId: string;
  clock: { nowMs: () => number };
  schedule: Schedule;
  log: Pick<Logger, 'warn'>;
};

export type CallWatches = {
  /** From where keys were used. */
  noteAddresses: (uses: readonly { keyId: string; ip: string }[]) => void;
  /** A call was refused before it belonged to a project. */
  noteRefused: () => void;
};

/** What alerts know of calls that is in no trace: from where keys were used, and who had no good one. */
export function openCallWatches(deps: CallWatchesDeps, stack: ClosingStack): CallWatches {
  const { store, serverId, clock, schedule, log } = deps;
  const { noteKeyAddresses, addRefusedCalls } = store.alerts;
  const common = {
    nowMs: clock.nowMs,
    schedule,
    onWarning: (message: string, error: unknown) => log.warn({ err: error }, message),
  };
  const addresses = openAddressWatch({ ...common, noteKeyAddresses });
  stack.add(addresses.close);
  const refusals = openRefusalCount({ ...common, addRefusedCalls, serverId });
  stack.add(refusals.close);
  return { noteAddresses: addresses.note, noteRefused: refusals.note };
}
