import type { Budget, BudgetAction, BudgetNotice, BudgetState } from '@app/contract';
import { type StoredBudget, type StoredLimit, type StoredNotice, writeMoney } from '@app/store';

/** A budget as the API shows it. */
export function writeBudget(limit: StoredLimit, states: BudgetState[]): Budget {
  const { budget } = limit;
  if (budget === undefined) throw new Error(`${limit.id} is no budget.`);
  const amount = writeMoney(BigInt(limit.max));
  return {
    id: limit.id,
    project_id: limit.projectId ?? null,
    name: limit.name,
    scope: limit.scope,
    period: limit.period === 'day' ? 'day' : 'month',
    amount_usd: amount.usd,
    action: actionOf(budget),
    warn_percents: budget.warnPercents,
    mode: budget.isStrict ? 'strict' : 'normal',
    carry_over: budget.carriesOver,
    enforcement: limit.enforcement,
    owner: budget.owner ?? null,
    amount,
    source: limit.source,
    created_at: new Date(limit.createdAtMs).toISOString(),
    created_by: limit.createdBy ?? null,
    states,
  };
}

function actionOf({ action, routeModel }: StoredBudget): BudgetAction {
  if (action === 'route') return { kind: 'route', model: routeModel ?? '' };
  return { kind: action };
}

/** What a budget did, as the API shows it. */
export function writeNotice(notice: StoredNotice): BudgetNotice {
  const { answer } = notice;
  return {
    id: notice.id,
    budget_id: notice.budgetId,
    subject: notice.subject,
    period_start: new Date(notice.periodStartMs).toISOString(),
    kind: notice.kind,
    percent: notice.percent ?? null,
    spent: writeMoney(BigInt(notice.spent)),
    available: writeMoney(BigInt(notice.available)),
    told: notice.told,
    created_at: new Date(notice.createdAtMs).toISOString(),
    answer:
      answer === undefined
        ? null
        : {
            kind: answer.kind,
            answered_at: new Date(answer.atMs).toISOString(),
            answered_by: answer.by ?? null,
            reason: answer.reason ?? null,
          },
  };
}
