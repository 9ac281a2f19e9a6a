import type { Schedule } from '@app/gateway';
import type { RelationalStore, StoredDestination } from '@app/store';
import { createTurns } from '../mail/create-turns.ts';
import type { AddressCipher } from './create-address-cipher.ts';
import type { Deliver, DeliveryResult, Message } from './message.ts';
import { type Outcome, openSending, type SendingDeps } from './open-sending.ts';

export type DeliverDeps = SendingDeps & {
  destinations: Pick<RelationalStore['destinations'], 'listDestinations' | 'noteDelivery'>;
  cipher: AddressCipher;
  schedule: Schedule;
  /** From 0 to 1. */
  random: () => number;
  onWarning: (message: string, error: unknown) => void;
};

export type OpenDeliver = {
  deliver: Deliver;
  /** To one destination that was read already; `tries` is how often at most. */
  deliverTo(destination: StoredDestination, message: Message, tries?: number): Promise<DeliveryResult>;
  /** Nothing is tried again after this. */
  close(): void;
};

const TRIES_MAX = 4;
const FIRST_WAIT_MS = 500;
/** A receiver that wants more time than this is given up for this message. */
const WAIT_MS_MAX = 10_000;
const ERROR_CHARS_MAX = 500;
const STOPPING = 'The server is stopping.';

/** Brings messages to where they go. What fails is in the result and with the destination, and never thrown. */
export function createDeliver(deps: DeliverDeps): OpenDeliver {
  const turns = createTurns({ runningMax: 2, waitingMax: 200 });
  const waits = new Set<() => void>();
  let isClosed = false;

  const pause = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      const end = () => {
        cancel();
        waits.delete(end);
        resolve();
      };
      const cancel = deps.schedule(delayMs, end);
      waits.add(end);
    });

  const tryAgain = async (attempt: () => Promise<Outcome>, tries: number): Promise<Outcome> => {
    for (let done = 1; ; done += 1) {
      if (isClosed) return { ok: false, error: STOPPING, again: false };
      const outcome = await attempt();
      if (outcome.ok || !outcome.again || done >= tries) return outcome;
      const ownMs = FIRST_WAIT_MS * 2 ** (done - 1) * (0.5 + deps.random());
      const waitMs = Math.max(ownMs, outcome.afterMs ?? 0);
      if (waitMs > WAIT_MS_MAX) return outcome;
      await pause(waitMs);
    }
  };

  const send = async (destination: StoredDestination, message: Message, tries: number): Promise<Outcome> => {
    const address = deps.cipher.open(destination, destination.sealed);
    if (address === undefined) {
      const error = 'Its address does not open with the keys of this installation. Set it anew.';
      return { ok: false, error, again: false };
    }
    const ran = await turns(destination.id, () => tryAgain(openSending(address, message, deps), tries));
    return ran ?? { ok: false, error: 'Too many messages wait for it.', again: false };
  };

  const deliverTo: OpenDeliver['deliverTo'] = async (destination, message, tries = TRIES_MAX) => {
    const { id, name, organizationId } = destination;
    const outcome = await send(destination, message, tries).catch((error: unknown): Outcome => {
      deps.onWarning('A message could not be delivered.', error);
      return { ok: false, error: 'It could not be sent.', again: false };
    });
    const error = outcome.ok ? undefined : outcome.error.slice(0, ERROR_CHARS_MAX);
    await deps.destinations
      .noteDelivery(organizationId, { id, atMs: deps.nowMs(), error })
      .catch((failure: unknown) => deps.onWarning('How a delivery ended could not be noted.', failure));
    return { destination: id, name, ok: outcome.ok, error: error ?? null };
  };

  return {
    deliverTo,
    deliver: async (organizationId, ids, message) => {
      try {
        const found = await deps.destinations.listDestinations(organizationId, { ids: [...new Set(ids)] });
        const missing = ids.filter((id) => !found.some((each) => each.id === id));
        return await Promise.all([
          ...found.map((destination) => deliverTo(destination, message)),
          ...missing.map((id) => failed(id, 'There is no such destination.')),
        ]);
      } catch (error) {
        deps.onWarning('Destinations cannot be read now, so a message was not delivered.', error);
        return ids.map((id) => failed(id, 'The store does not answer now.'));
      }
    },
    close: () => {
      isClosed = true;
      for (const end of [...waits]) end();
    },
  };
}

const failed = (id: string, error: string): DeliveryResult => ({
  destination: id,
  name: id,
  ok: false,
  error,
});
