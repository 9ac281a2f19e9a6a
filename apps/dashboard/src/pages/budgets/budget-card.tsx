import type { Budget, BudgetState } from '@app/contract';
import { formatMoney } from '../../api/format-money.ts';
import { Badge } from '../../ui/badge.tsx';
import { BurnBar } from '../../ui/burn-bar.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { formatRelative, formatShare } from '../../ui/format.ts';
import { scopeText } from './scope-text.ts';

type Actions = {
  onEdit: () => void;
  onGrant: (subject: string) => void;
  onHistory: () => void;
  onDelete: () => void;
};
type Props = { budget: Budget; keyNames: ReadonlyMap<string, string> | undefined } & Actions;

const periods = { day: 'a day', month: 'a month' } as const;

/** One budget: what it allows, how far it has burnt, where it will end. */
export function BudgetCard({ budget, keyNames, ...actions }: Props) {
  const isFile = budget.source === 'file';
  return (
    <Card className="flex flex-col gap-4 p-4 lg:p-5">
      <header className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold text-base" title={budget.name}>
            {budget.name}
          </h2>
          <p className="text-soft text-sm wrap-anywhere">
            {formatMoney(budget.amount)} {periods[budget.period]} for {scopeText(budget.scope, keyNames)},{' '}
            {whenSpent(budget)}
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          {isFile ? <Badge>from the configuration file</Badge> : null}
          {budget.enforcement === 'shadow' ? <Badge tone="warn">shadow: never blocks</Badge> : null}
          {budget.mode === 'strict' ? <Badge>strict</Badge> : null}
        </div>
      </header>
      {budget.states.length === 0 ? (
        <p className="text-faint text-sm">Nothing was spent in this period.</p>
      ) : (
        <ul className="flex flex-col gap-4">
          {budget.states.map((state) => (
            <State key={state.subject} state={state} onGrant={() => actions.onGrant(state.subject)} />
          ))}
        </ul>
      )}
      <footer className="flex flex-wrap gap-2">
        <Button look="quiet" onClick={actions.onHistory}>
          History
        </Button>
        {isFile ? null : (
          <>
            <Button look="quiet" onClick={actions.onEdit} aria-label={`Edit ${budget.name}`}>
              Edit
            </Button>
            <Button look="quiet" onClick={actions.onDelete} aria-label={`Delete ${budget.name}`}>
              Delete
            </Button>
          </>
        )}
      </footer>
    </Card>
  );
}

const tones = { ok: 'good', warned: 'warn', exhausted: 'bad' } as const;
const words = { ok: 'on track', warned: 'running low', exhausted: 'spent' } as const;

function State({ state, onGrant }: { state: BudgetState; onGrant: () => void }) {
  const whole = Math.max(1, state.available.nanos);
  const share = state.spent.nanos / whole;
  const isTight = state.status !== 'ok';
  return (
    <li className="flex flex-col gap-2">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-sm">
        {state.subject === '' ? null : <span className="font-medium wrap-anywhere">{state.subject}</span>}
        <span className="tabular-nums">
          <span className="font-semibold">{formatMoney(state.spent)}</span>{' '}
          <span className="text-soft">of {formatMoney(state.available)}</span>
        </span>
        <span className="text-faint tabular-nums">{formatShare(share)}</span>
        <Badge tone={tones[state.status]}>{words[state.status]}</Badge>
        {isTight ? (
          <Button className="ml-auto h-7" onClick={onGrant}>
            Give more
          </Button>
        ) : null}
      </div>
      <BurnBar
        used={share}
        held={state.reserved.nanos / whole}
        projected={state.projected.nanos / whole}
        label={`${state.subject || 'Budget'}: ${formatShare(share)} spent`}
      />
      <p className="text-faint text-xs tabular-nums">
        {state.reserved.nanos > 0 ? `${formatMoney(state.reserved)} held for calls under way, ` : ''}
        at this pace {formatMoney(state.projected)} by the end, begins anew {formatRelative(state.period_end)}
      </p>
    </li>
  );
}

function whenSpent({ action, carry_over: carries, owner }: Budget): string {
  const then =
    action.kind === 'route'
      ? `then ${action.model}`
      : action.kind === 'ask'
        ? `then ${owner ?? 'its owner'} is asked`
        : 'then calls are refused';
  return carries ? `${then}; what is left carries over` : then;
}
