import type { Call } from '@app/protocol';
import { type Chooser, type ChooserDeps, openChooser } from '../admission/choose-target.ts';
import type { Counting } from '../admission/counting.ts';
import type { Asked } from '../asked.ts';
import type { Count } from '../limits/limit.ts';
import { OUTPUT_TOKENS_MIN } from '../limits/worst/fit-output.ts';
import { worstCase } from '../limits/worst/worst-case.ts';
import type { Target } from '../ports.ts';
import type { Ledger } from '../record/ledger.ts';
import { noteRefusal, noteRouting } from '../record/note-limit.ts';

export type CallChooserInput = {
  asked: Asked;
  call: Call;
  /** Never empty. */
  targets: readonly Target[];
  ledger: Ledger;
  counting: Counting;
  /** The targets of another model for the same call. */
  reroute(model: string): readonly Target[];
  /** What limits say of each target that is tried, for the headers. */
  onCounts(counts: readonly Count[]): void;
};

/** The targets of a conversation that limits let through. What limits do to it goes into its record. */
export function openCallChooser(deps: ChooserDeps, input: CallChooserInput): Chooser {
  const { ledger, call, asked, counting, onCounts } = input;
  const isSandbox = asked.principal.mode === 'test';
  const thinkingTokens = call.thinking?.kind === 'budget' ? call.thinking.tokens : 0;
  return openChooser({
    targets: input.targets,
    reroute: input.reroute,
    tellNews: deps.tellNews,
    clock: deps.clock,
    schedule: deps.schedule,
    settings: deps.settings,
    reserve: (target, done) => {
      const dispatch = {
        ...counting,
        target,
        findWorst: (isStrict: boolean) => worstCase(call, target, { isStrict, isSandbox }),
        // A cap within what the call may think would be refused by its provider.
        outputTokensMin: OUTPUT_TOKENS_MIN + thinkingTokens,
      };
      deps.reserve(dispatch, (reserved) => {
        onCounts(reserved.counts);
        done(reserved);
      });
    },
    onRouted: ({ limit }) => noteRouting(ledger, limit),
    onRefused: (refusal) => noteRefusal(ledger, refusal),
  });
}
