import type { Schedule } from '@app/gateway';
import type { Store } from '@app/store';
import { repeat } from '../snapshot/repeat.ts';
import { singleFlight } from '../snapshot/single-flight.ts';

export type DataRoundsDeps = {
  deletions: Pick<
    Store['deletions'],
    'beginDataRound' | 'findDataRound' | 'answerDataRound' | 'countUnansweredRounds' | 'onDataRound'
  >;
  serverId: string;
  /** A server that was not seen for this long is gone: what it kept is held against deletions when it starts again. */
  seenWithinMs: number;
  /** Learns what was deleted, loads what was recorded, and forgets what is remembered; false when that cannot be now. */
  settle: () => Promise<boolean>;
  schedule: Schedule;
  onWarning: (message: string, error?: unknown) => void;
};

export type DataRounds = {
  /** Resolves to true once every server has settled after the call; to false when one does not in time. */
  run(): Promise<boolean>;
  close(): void;
};

/** Rounds are told of at once; what was not heard is found out within this. */
const POLL_MS = 2_000;
const ASK_MS = 100;
const ASKS_MAX = 600;

/** Brings all servers to a point after which whatever they load knows of a deletion. */
export function openDataRounds(deps: DataRoundsDeps): DataRounds {
  const { deletions, serverId, seenWithinMs, schedule } = deps;
  let answered = 0;
  /** The round that this server asked for is answered where it is run. */
  let own = 0;
  const answer = async (round: number): Promise<boolean> => {
    if (!(await deps.settle())) return false;
    await deletions.answerDataRound({ serverId, round });
    answered = Math.max(answered, round);
    return true;
  };
  const poll = singleFlight(async () => {
    try {
      const round = await deletions.findDataRound();
      if (round > answered && round !== own) await answer(round);
    } catch (error) {
      deps.onWarning('What is to be deleted cannot be asked for now.', error);
    }
  });
  const stop = repeat(schedule, POLL_MS, () => poll(false));
  const unsubscribe = deletions.onDataRound(() => void poll(true));
  return {
    run: async () => {
      const round = await deletions.beginDataRound();
      own = round;
      if (
        !(await answer(round).finally(() => {
          own = 0;
        }))
      )
        return false;
      for (let asked = 0; asked < ASKS_MAX; asked += 1) {
        if ((await deletions.countUnansweredRounds({ round, seenWithinMs })) === 0) return true;
        await new Promise<void>((resolve) => void schedule(ASK_MS, resolve));
      }
      return false;
    },
    close: () => {
      unsubscribe();
      stop();
    },
  };
}
