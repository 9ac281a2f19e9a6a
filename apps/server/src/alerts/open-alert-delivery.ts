import type { Schedule } from '@app/gateway';
import type { DueAlertMessage, RelationalStore } from '@app/store';
import type { Deliver, DeliveryResult, Message } from '../destinations/message.ts';
import { repeat } from '../snapshot/repeat.ts';
import { singleFlight } from '../snapshot/single-flight.ts';

export type AlertDeliveryDeps = {
  alerts: Pick<RelationalStore['alerts'], 'claimAlertMessages' | 'saveAlertDeliveries'>;
  deliver: Deliver;
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

export type AlertDelivery = {
  /** Delivers what waits, soon. */
  wake(): void;
  /** Delivers what is due and resolves when that is done. */
  run(): Promise<void>;
  close(): Promise<void>;
};

const EVERY_MS = 10_000;
const BATCH = 20;
/** A server that claims a message and is not heard of for so long has lost it. */
const CLAIM_MS = 5 * 60_000;
/** After the first failure, and twice as long after each further one. */
const AGAIN_MS = 60_000;
const AGAIN_MS_MAX = 3_600_000;
/** What could not be told within a day is told nobody any more. */
const GIVEN_UP_MS = 86_400_000;

/**
 * Brings messages of rules to their destinations, after they were written down. A destination that has one is marked and
 * does not get it again; when a server dies between delivery and mark it does, with the same id.
 */
export function openAlertDelivery(deps: AlertDeliveryDeps): AlertDelivery {
  let isClosed = false;
  const run = singleFlight(async () => {
    try {
      for (let count = BATCH; count === BATCH && !isClosed; ) {
        const nowMs = deps.nowMs();
        const due = await deps.alerts.claimAlertMessages({ nowMs, againMs: nowMs + CLAIM_MS, limit: BATCH });
        await Promise.all(due.map((message) => deliverOne(deps, message)));
        count = due.length;
      }
    } catch (error) {
      deps.onWarning('Messages of alerts cannot be delivered now; it is tried again.', error);
    }
  });
  const stop = repeat(deps.schedule, EVERY_MS, () => run(false));
  return {
    wake: () => void run(false),
    run: () => run(false),
    close: async () => {
      isClosed = true;
      stop();
      await run(false);
    },
  };
}

async function deliverOne(deps: AlertDeliveryDeps, due: DueAlertMessage): Promise<void> {
  const results = await deps.deliver(due.organizationId, due.destinations, due.message as Message);
  const nowMs = deps.nowMs();
  const failed = results.filter(({ ok }) => !ok).map(({ destination }) => destination);
  const isGivenUp = nowMs - due.createdAtMs >= GIVEN_UP_MS;
  const waitMs = Math.min(AGAIN_MS_MAX, AGAIN_MS * 2 ** (due.attempts - 1));
  await deps.alerts.saveAlertDeliveries({
    id: due.id,
    deliveries: merged(due.deliveries, results),
    destinations: isGivenUp ? [] : failed,
    nextAtMs: nowMs + waitMs,
  });
}

/** The last word of each destination. */
function merged(before: readonly DeliveryResult[], results: readonly DeliveryResult[]): DeliveryResult[] {
  return [...new Map([...before, ...results].map((each) => [each.destination, each])).values()];
}
