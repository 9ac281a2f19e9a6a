import type { Budget, BudgetState } from '@app/contract';
import { formatMoney } from '../../api/format-money.ts';
import { Badge } from '../../ui/badge.tsx';
import { RowMenu } from '../../ui/row-menu.tsx';
import { BudgetStates } from './budget-states.tsx';
import { scopeText } from './scope-text.ts';

type BudgetAct = {
  onGrant: (budget: Budget, state: BudgetState) => void;
  onEdit: (budget: Budget) => void;
  onHistory: (budget: Budget) => void;
  onDelete: (budget: Budget) => void;
};
type Props = {
  budget: Budget;
  keyNames: ReadonlyMap<string, string> | undefined;
  mayWrite: boolean;
  act: BudgetAct;
};

const periods = { day: 'a day', month: 'a month' } as const;

/** One budget: what it allows, how far it has burnt, where it will end. */
export function BudgetRow({ budget, keyNames, mayWrite, act }: Props) {
  const isChangeable = mayWrite && budget.source !== 'file';
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-3 px-4 py-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,30rem)_auto] lg:gap-x-8 lg:px-5">
      <div className="flex min-w-0 flex-col gap-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <h2 className="min-w-0 truncate font-semibold text-sm" title={budget.name}>
            {budget.name}
          </h2>
          {budget.enforcement === 'shadow' ? <Badge tone="accent">only counts</Badge> : null}
          {budget.mode === 'strict' ? <Badge>strict</Badge> : null}
          {budget.source === 'file' ? <Badge>configuration file</Badge> : null}
        </div>
        <p className="text-soft text-sm wrap-anywhere">
          {formatMoney(budget.amount)} {periods[budget.period]} for {scopeText(budget.scope, keyNames)}
        </p>
        <p className="text-faint text-xs wrap-anywhere">{whenSpent(budget)}</p>
      </div>
      <div className="-my-1.5 lg:order-3">
        <RowMenu
          label={`Actions for ${budget.name}`}
          actions={[
            { label: 'History', run: () => act.onHistory(budget) },
            ...(isChangeable
              ? [
                  { label: 'Edit', run: () => act.onEdit(budget) },
                  { label: 'Delete', isDanger: true, run: () => act.onDelete(budget) },
                ]
              : []),
          ]}
        />
      </div>
      <div className="col-span-2 min-w-0 lg:order-2 lg:col-span-1">
        <BudgetStates
          budget={budget}
          keyNames={keyNames}
          onGrant={mayWrite ? (state) => act.onGrant(budget, state) : undefined}
        />
      </div>
    </li>
  );
}

function whenSpent({ action, carry_over: carries, owner, enforcement }: Budget): string {
  const rest = carries ? ', what is left carries over' : '';
  if (enforcement === 'shadow') return `when spent: nothing happens, it is only noted${rest}`;
  if (action.kind === 'route') return `when spent: ${action.model} answers instead${rest}`;
  if (action.kind === 'ask') return `when spent: ${owner ?? 'its owner'} is asked for more${rest}`;
  return `when spent: calls are refused${rest}`;
}
