import type { Count, TellNews } from '../limits/limit.ts';
import type { Clock, Target } from '../ports.ts';
import { openTargetQueue } from '../provider-keys/open-target-queue.ts';
import type { Refusal, Reservation, Reserved } from './reserve.ts';

export type ChooserInput = {
  targets: readonly Target[];
  /** Takes what a dispatch to this target takes from its limits. */
  reserve(target: Target, done: (reserved: Reserved) => void): void;
  /** The targets of the model that a spent budget sends calls to; empty when there are none. */
  reroute(model: string): readonly Target[];
  /** What limits did is told to the call. */
  onRouted(budget: Count): void;
  onRefused(refusal: Refusal): void;
  tellNews?: TellNews | undefined;
  clock: Pick<Clock, 'nowMs'>;
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
};

/**
 * A target that does not fit is passed over where another one may. When none is left, a budget may send the call to a
 * cheaper model, once.
 */
export function openChooser(input: ChooserInput): Chooser {
  let queue = openTargetQueue(input.targets);
  let refusal: Refusal | undefined;
  let isRouted = false;

  const next = (done: (chosen: Chosen) => void): void => {
    const target = queue.next();
    if (target === undefined) {
      end(done);
      return;
    }
    input.reserve(target, (reserved) => {
      if (reserved.ok) {
        const { reservation, outputTokensMax } = reserved;
        done({ kind: 'target', target, reservation, outputTokensMax, isRouted });
        return;
      }
      refusal ??= reserved.refusal;
      // Another key of the same provider would not make it cheaper.
      queue.onFailed(undefined, undefined);
      if (reserved.refusal.mayFitElsewhere) next(done);
      else refuse(done, reserved.refusal);
    });
  };
  const end = (done: (chosen: Chosen) => void): void => {
    if (refusal === undefined) {
      done({ kind: 'none' });
      return;
    }
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
