import type { Count, TellNews } from '../limits/limit.ts';
import type { Clock, Schedule, Target } from '../ports.ts';
import { openTargetQueue } from '../provider-keys/open-target-queue.ts';
import type { JourneySettings } from '../settings.ts';
import type { Refusal, Reservation, Reserve, Reserved } from './reserve.ts';

/** What every call's targets are chosen with. */
export type ChooserDeps = {
  reserve: Reserve;
  /** Hears what budgets did. */
  tellNews?: TellNews | undefined;
  clock: Clock;
  schedule: Schedule;
  settings: Pick<JourneySettings, 'heldWaitMs' | 'batchesBeyondLimits'>;
};

export type ChooserInput = Omit<ChooserDeps, 'reserve'> & {
  targets: readonly Target[];
  /** Takes what a dispatch to this target takes from its limits. */
  reserve(target: Target, done: (reserved: Reserved) => void): void;
  /** The targets of the model that a spent budget sends calls to; empty when there are none. */
  reroute(model: string): readonly Target[];
  /** What limits did is told to the call. */
  onRouted(budget: Count): void;
  onRefused(refusal: Refusal): void;
};

export type Chosen =
  | ChosenTarget
  /** Limits let none of those through that are left. */
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'none' };

export type ChosenTarget = {
  kind: 'target';
  target: Target;
  /** Whoever gets it settles it. */
  reservation: Reservation;
  /** The cap that limits leave the output; absent where they leave it as it is. */
  outputTokensMax: number | undefined;
  /** A budget sent the call here. */
  isRouted: boolean;
};

/** The targets of one call, those that limits let through, one after the other. */
export type Chooser = {
  /** `done` runs once, before this returns where counts are in memory. */
  next(done: (chosen: Chosen) => void): void;
  hasNext(): boolean;
  /** What was chosen last failed, with the provider's status where it had one. */
  onFailed(status: number | undefined, retryAfterS: number | undefined): void;
  /** The call is over: one that waits stops waiting, and hears no more. */
  drop(): void;
};

/**
 * A target that does not fit is passed over where another one may. When none is left, the call waits a moment for what
 * others hold and will not use; then a budget may send it to a cheaper model, once.
 */
export function openChooser(input: ChooserInput): Chooser {
  let queue = openTargetQueue(input.targets);
  let refusal: Refusal | undefined;
  let isRouted = false;
  const patience = openPatience(input);

  const next = (done: (chosen: Chosen) => void): void => {
    const target = queue.next();
    if (target === undefined) {
      end(done);
      return;
    }
    take(target, done, (refused) => {
      refusal ??= refused;
      patience.note(target, refused);
      // Another key of the same provider would not make it cheaper.
      queue.onFailed(undefined, undefined);
      if (refused.mayFitElsewhere) next(done);
      else giveUp(done, refused);
    });
  };
  const take = (
    target: Target,
    done: (chosen: Chosen) => void,
    onRefused: (refusal: Refusal) => void,
  ): void => {
    input.reserve(target, (reserved) => {
      if (!reserved.ok) {
        onRefused(reserved.refusal);
        return;
      }
      const { reservation, outputTokensMax } = reserved;
      done({ kind: 'target', target, reservation, outputTokensMax, isRouted });
    });
  };
  const giveUp = (done: (chosen: Chosen) => void, because: Refusal): void => {
    const isWaiting = patience.wait((target) => {
      queue.again(target);
      take(target, done, (refused) => {
        patience.note(target, refused);
        giveUp(done, refused);
      });
    });
    if (!isWaiting) route(done, because);
  };
  const end = (done: (chosen: Chosen) => void): void => {
    if (refusal === undefined) done({ kind: 'none' });
    else giveUp(done, refusal);
  };
  const route = (done: (chosen: Chosen) => void, refusal: Refusal): void => {
    const budget = isRouted ? undefined : refusal.budgets.find((count) => targetsOf(input, count).length > 0);
    if (budget === undefined) {
      refuse(done, refusal);
      return;
    }
    isRouted = true;
    queue = openTargetQueue(targetsOf(input, budget));
    tell(input, 'routed', budget);
    input.onRouted(budget);
    next(done);
  };
  const refuse = (done: (chosen: Chosen) => void, because: Refusal): void => {
    for (const budget of because.budgets)
      if (budget.limit.budget?.action.kind === 'ask') tell(input, 'asked', budget);
    input.onRefused(because);
    done({ kind: 'refused', refusal: because });
  };
  return {
    next,
    hasNext: () => queue.hasNext(),
    onFailed: (status, retryAfterS) => queue.onFailed(status, retryAfterS),
    drop: patience.drop,
  };
}

/**
 * Calls under way end every few hundred milliseconds, and each gives back most of what it held. Whoever has waited longer
 * asks less often: many who wait for the same money must not keep the process busy with asking.
 */
const HELD_RETRY_MS = 100;

type Patience = {
  note(target: Target, refusal: Refusal): void;
  /** Runs `again` later, with the target that was refused only by what others hold. False when there is none, or no time. */
  wait(again: (target: Target) => void): boolean;
  drop(): void;
};

function openPatience({ clock, schedule, settings }: ChooserInput): Patience {
  let held: Target | undefined;
  let sinceMs: number | undefined;
  let cancel = (): void => undefined;
  return {
    note: (target, { isHeld }) => {
      if (isHeld === true) held ??= target;
      else if (held === target) held = undefined;
    },
    wait: (again) => {
      const target = held;
      if (target === undefined) return false;
      sinceMs ??= clock.monotonicMs();
      const waitedMs = clock.monotonicMs() - sinceMs;
      const leftMs = settings.heldWaitMs - waitedMs;
      if (leftMs <= 0) return false;
      const delayMs = Math.min(Math.max(HELD_RETRY_MS, waitedMs / 2), Math.max(HELD_RETRY_MS, leftMs));
      cancel = schedule(delayMs, () => again(target));
      return true;
    },
    drop: () => cancel(),
  };
}

function targetsOf({ reroute }: ChooserInput, { limit }: Count): readonly Target[] {
  const action = limit.budget?.action;
  return action?.kind === 'route' ? reroute(action.model) : [];
}

function tell({ tellNews, clock }: ChooserInput, kind: 'routed' | 'asked', count: Count): void {
  const { limit, subject, used, max } = count;
  tellNews?.({ kind, limit, subject, used, max, atMs: clock.nowMs() });
}
