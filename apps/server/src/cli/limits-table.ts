import type { Budget, BudgetNotice, Limit } from '@app/contract';
import { shownText, writeTable } from './write-table.ts';

/** Limits as aligned columns, with the fullest count of each. */
export function writeLimitsTable(limits: readonly Limit[]): string {
  if (limits.length === 0)
    return 'No limits yet. Make one with: tokenrouter limits create --name NAME --measure requests --period minute --max 600\n';
  const headings = ['ID', 'NAME', 'COUNTS', 'OF', 'AT MOST', 'USED', 'SOURCE'];
  return writeTable(
    headings,
    limits.map((limit) => [
      limit.id,
      shownText(limit.name),
      limit.period === null ? limit.measure : `${limit.measure}/${limit.period}`,
      scopeText(limit.scope),
      limit.max_usd === null ? String(limit.max) : `$${limit.max_usd}`,
      usedText(limit),
      limit.enforcement === 'shadow' ? `${limit.source}, shadow` : limit.source,
    ]),
  );
}

/** Budgets as aligned columns, each with the count of which most is spent. */
export function writeBudgetsTable(budgets: readonly Budget[]): string {
  if (budgets.length === 0)
    return 'No budgets yet. Make one with: tokenrouter budgets create --name NAME --amount 100.00\n';
  const headings = ['ID', 'NAME', 'OF', 'AMOUNT', 'SPENT', 'LEFT', 'PROJECTED', 'STATUS', 'THEN'];
  return writeTable(
    headings,
    budgets.map((budget) => {
      const [state] = budget.states;
      return [
        budget.id,
        shownText(budget.name),
        scopeText(budget.scope),
        `$${budget.amount_usd}/${budget.period}`,
        state === undefined ? '-' : dollars(state.spent.nanos),
        state === undefined ? '-' : dollars(state.available.nanos - state.spent.nanos - state.reserved.nanos),
        state === undefined ? '-' : dollars(state.projected.nanos),
        state?.status ?? '-',
        budget.enforcement === 'shadow' ? 'watch' : actionText(budget),
      ];
    }),
  );
}

/** One budget with its counts and what it did lately. */
export function writeBudgetDetails(budget: Budget, notices: readonly BudgetNotice[]): string {
  const facts = [
    ['id', budget.id],
    ['name', shownText(budget.name, 128)],
    ['counts', scopeText(budget.scope)],
    ['amount', `$${budget.amount_usd} per ${budget.period}`],
    ['when spent', budget.enforcement === 'shadow' ? 'only tells' : actionText(budget)],
    ['warns at', budget.warn_percents.length === 0 ? 'nothing' : `${budget.warn_percents.join(', ')} %`],
    ['mode', budget.mode],
    ['carries over', budget.carry_over ? 'yes' : 'no'],
    ['owner', budget.owner === null ? 'nobody' : shownText(budget.owner, 254)],
    ['source', budget.source],
  ];
  const states = budget.states.map((state) => [
    state.subject === '' ? 'all' : shownText(state.subject),
    state.period_start.slice(0, 10),
    dollars(state.available.nanos),
    dollars(state.spent.nanos),
    dollars(state.reserved.nanos),
    dollars(state.projected.nanos),
    state.status,
  ]);
  const told = notices.map((notice) => [
    `${notice.created_at.slice(0, 16)}Z`,
    notice.percent === null ? notice.kind : `${notice.kind} ${notice.percent} %`,
    notice.subject === '' ? 'all' : shownText(notice.subject),
    `${dollars(notice.spent.nanos)} of ${dollars(notice.available.nanos)}`,
    notice.answer === null ? '' : notice.answer.kind,
    notice.told.length === 0 ? 'nobody' : shownText(notice.told.join(', ')),
  ]);
  return [
    writeTable(['', ''], facts).replace(/^\s*\n/, ''),
    states.length === 0
      ? 'Nothing was counted in this period.\n'
      : writeTable(['COUNT', 'SINCE', 'AVAILABLE', 'SPENT', 'RESERVED', 'PROJECTED', 'STATUS'], states),
    ...(told.length === 0 ? [] : [writeTable(['WHEN', 'WHAT', 'COUNT', 'SPENT', 'ANSWER', 'TOLD'], told)]),
  ].join('\n');
}

function scopeText({ kind, id }: Limit['scope']): string {
  if (id === '*') return `each ${kind}`;
  return kind === 'organization' || kind === 'project' ? `the ${kind}` : `${kind} ${shownText(id)}`;
}

function usedText({ counts, max_usd }: Limit): string {
  const [count] = counts;
  if (count === undefined) return '-';
  const used = max_usd === null ? String(count.used) : dollars(count.used);
  return count.subject === '' ? used : `${used} (${shownText(count.subject, 20)})`;
}

function actionText({ action }: Budget): string {
  return action.kind === 'route' ? `route to ${shownText(action.model)}` : action.kind;
}

/** Rounded to the hundredth of a cent, for people; --json is exact. */
function dollars(nanos: number): string {
  return `$${(nanos / 1e9).toFixed(4)}`;
}
