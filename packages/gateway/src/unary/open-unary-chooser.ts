import { type Chooser, type ChooserDeps, openChooser } from '../admission/choose-target.ts';
import type { Counting } from '../admission/counting.ts';
import type { Dispatch } from '../admission/reserve.ts';
import type { Count } from '../limits/limit.ts';
import type { Target } from '../ports.ts';
import { noteRefusal } from '../record/note-limit.ts';
import type { UnaryAsked } from './unary-asked.ts';
import type { UnaryLedger } from './unary-ledger.ts';
import type { ProviderOrder } from './unary-operation.ts';
import { isFreeAt } from './unary-plan.ts';
import { LEAST, NOTHING, unaryWorst } from './unary-worst.ts';

export type UnaryChooserInput = {
  asked: UnaryAsked;
  order: ProviderOrder;
  /** Never empty. */
  targets: readonly Target[];
  ledger: UnaryLedger;
  counting: Counting;
  /** What limits say of each target that is tried, for the headers. */
  onCounts(counts: readonly Count[]): void;
};

/** The targets of what is no conversation that limits let through. What limits do to it goes into its record. */
export function openUnaryChooser(deps: ChooserDeps, input: UnaryChooserInput): Chooser {
  const { ledger, onCounts } = input;
  return openChooser({
    targets: input.targets,
    tellNews: deps.tellNews,
    clock: deps.clock,
    schedule: deps.schedule,
    settings: deps.settings,
    reserve: (target, done) => {
      deps.reserve(dispatchOf(deps, input, target), (reserved) => {
        onCounts(reserved.counts);
        done(reserved);
      });
    },
    // What is asked here is asked of this model.
    reroute: () => [],
    onRouted: () => undefined,
    onRefused: (refusal) => noteRefusal(ledger, refusal),
  });
}

function dispatchOf(
  { settings }: ChooserDeps,
  { asked, order, counting }: UnaryChooserInput,
  target: Target,
): Dispatch {
  const { input, bodyText, principal } = asked;
  const dispatch = { ...counting, target };
  if (order.spending === 'owes') return { ...dispatch, isOwed: true, findWorst: () => NOTHING };
  if (order.spending === 'begins') {
    return { ...dispatch, isOpenEnded: !settings.batchesBeyondLimits, findWorst: () => LEAST };
  }
  if (!input.ok || isFreeAt(order, target)) return { ...dispatch, isFree: true, findWorst: () => NOTHING };
  const isSandbox = principal.mode === 'test';
  const about = { ability: order.ability, input: input.value, bodyText, isSandbox };
  return { ...dispatch, findWorst: (isStrict) => unaryWorst(about, target, isStrict) };
}
