import type { Budget, BudgetState } from '@app/contract';
import { useState } from 'react';
import { formatMoney } from '../../api/format-money.ts';
import { Badge } from '../../ui/badge.tsx';
import { BurnBar } from '../../ui/burn-bar.tsx';
import { Button } from '../../ui/button.tsx';
import { formatRelative, formatShare } from '../../ui/format.ts';
import { shareOf, statusText, subjectText } from './budget-text.ts';

type Props = {
  budget: Budget;
  keyNames: ReadonlyMap<string, string> | undefined;
  /** Absent for who may not give more. */
  onGrant: ((state: BudgetState) => void) | undefined;
};

const SHOWN = 3;

/** How far a budget has burnt: once, or for each of those who have a count of their own, the worst first. */
export function BudgetStates({ budget, keyNames, onGrant }: Props) {
  const [showsAll, setShowsAll] = useState(false);
  const { states } = budget;
  if (states.length === 0) return <p className="text-faint text-sm">Nothing was spent in this period.</p>;
  const shown = showsAll ? states : states.slice(0, SHOWN);
  const hidden = states.length - shown.length;
  return (
    <div className="flex flex-col gap-4">
      <ul className="flex flex-col gap-4">
        {shown.map((state) => (
          <State
            key={state.subject}
            budget={budget}
            state={state}
            whose={subjectText(state.subject, keyNames)}
            onGrant={onGrant === undefined ? undefined : () => onGrant(state)}
          />
        ))}
      </ul>
      {hidden > 0 || showsAll ? (
        <button
          type="button"
          aria-expanded={showsAll}
          onClick={() => setShowsAll(!showsAll)}
          className="-mx-1 min-h-7 self-start rounded px-1 text-soft text-xs hover:text-text"
        >
          {showsAll ? 'Show fewer' : `Show ${hidden} more`}
        </button>
      ) : null}
    </div>
  );
}

const tones = { ok: 'good', warned: 'warn', exhausted: 'bad' } as const;

const toneOf = ({ enforcement }: Budget, { status }: BudgetState) =>
  enforcement === 'shadow' && status === 'exhausted' ? 'warn' : tones[status];

type StateProps = { budget: Budget; state: BudgetState; whose: string; onGrant: (() => void) | undefined };

function State({ budget, state, whose, onGrant }: StateProps) {
  const share = shareOf(state);
  const whole = Math.max(1, state.available.nanos);
  return (
    <li className="flex min-w-0 flex-col gap-1.5">
      {whose === '' ? null : (
        <p className="truncate font-medium text-sm" title={state.subject}>
          {whose}
        </p>
      )}
      <div className="flex min-h-7 items-center gap-x-2.5 text-sm">
        <span className="min-w-0 tabular-nums">
          <span className="font-semibold">{formatMoney(state.spent)}</span>{' '}
          <span className="text-soft">of {formatMoney(state.available)}</span>
        </span>
        <Badge tone={toneOf(budget, state)}>{statusText(budget, state)}</Badge>
        {onGrant === undefined || state.status === 'ok' || budget.enforcement === 'shadow' ? null : (
          <Button
            onClick={onGrant}
            aria-label={`Give more to ${whose === '' ? budget.name : whose}`}
            isSmall
            className="ml-auto shrink-0"
          >
            Give more
          </Button>
        )}
      </div>
      <BurnBar
        used={share}
        held={state.reserved.nanos / whole}
        projected={state.projected.nanos / whole}
        label={`${whose === '' ? budget.name : whose}: ${formatShare(share)} spent`}
      />
      <Outlook budget={budget} state={state} />
    </li>
  );
}

/** Where it will end. A budget that is spent and holds calls back goes nowhere, so its pace says nothing. */
function Outlook({ budget, state }: { budget: Budget; state: BudgetState }) {
  const { available, projected, reserved } = state;
  const isHeld = state.status === 'exhausted' && budget.enforcement === 'enforce';
  return (
    <p className="text-faint text-xs tabular-nums">
      {isHeld ? null : (
        <span className={projected.nanos > available.nanos ? 'text-warn' : undefined}>
          at this pace {formatMoney(projected)} by the end ·{' '}
        </span>
      )}
      {reserved.nanos > 0 ? `${formatMoney(reserved)} held for calls under way · ` : ''}
      begins anew {formatRelative(state.period_end)}
    </p>
  );
}
