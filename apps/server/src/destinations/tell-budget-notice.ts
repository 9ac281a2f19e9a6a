import { type Log, type RelationalStore, type StoredNotice, writeMoney } from '@app/store';
import type { Deliver, Message } from './message.ts';

export type BudgetNoticeDeps = {
  destinations: Pick<RelationalStore['destinations'], 'listDestinations'>;
  limits: Pick<RelationalStore['limits'], 'findLimit'>;
  deliver: Deliver;
  log: Pick<Log, 'warn'>;
};

/** Brings what a budget has to tell to the destinations that asked for it, without being waited for. Never throws. */
export function tellBudgetNotice(deps: BudgetNoticeDeps): (notice: StoredNotice) => void {
  return (notice) => {
    tell(deps, notice).catch((error: unknown) =>
      deps.log.warn({ err: error, notice: notice.id }, 'What a budget has to tell could not be delivered.'),
    );
  };
}

async function tell(
  { destinations, limits, deliver, log }: BudgetNoticeDeps,
  notice: StoredNotice,
): Promise<void> {
  const { organizationId, projectId, budgetId: id } = notice;
  const told = await destinations.listDestinations(organizationId, { withBudgetNotices: true });
  if (told.length === 0) return;
  const budget = await limits.findLimit(organizationId, { projectId, id, isBudget: true });
  const message = writeNotice(notice, budget?.name ?? id);
  const ids = told.map((destination) => destination.id);
  for (const { destination, ok, error } of await deliver(organizationId, ids, message)) {
    if (!ok) log.warn({ destination, error, notice: notice.id }, 'A destination did not hear of a budget.');
  }
}

type Wording = { severity: Message['severity']; title: (name: string, percent: number) => string };

const WORDINGS: Record<StoredNotice['kind'], Wording> = {
  warned: { severity: 'warning', title: (name, percent) => `The budget "${name}" has reached ${percent} %` },
  exhausted: { severity: 'critical', title: (name) => `The budget "${name}" is spent` },
  asked: { severity: 'warning', title: (name) => `The budget "${name}" is spent, and more is asked for` },
  granted: { severity: 'info', title: (name) => `More was granted to the budget "${name}"` },
  declined: { severity: 'info', title: (name) => `Nothing more was granted to the budget "${name}"` },
  routed: { severity: 'warning', title: (name) => `The budget "${name}" now sends calls to another model` },
  exceeded_shadow: {
    severity: 'warning',
    title: (name) => `The budget "${name}" is exceeded; it only watches and refuses nothing`,
  },
};

function writeNotice(notice: StoredNotice, name: string): Message {
  const { id, kind, percent, subject, spent, available, organizationId, projectId } = notice;
  const { severity, title } = WORDINGS[kind];
  const [spentUsd, availableUsd] = [spent, available].map((nanos) => writeMoney(BigInt(nanos)).usd);
  const of = subject === '' ? '' : ` For: ${subject}.`;
  return {
    id,
    kind: 'budget',
    severity,
    title: title(name, percent ?? 100),
    text: `$${spentUsd} of $${availableUsd} are spent.${of}`,
    path: '/budgets',
    organizationId,
    projectId,
    atMs: notice.createdAtMs,
    data: {
      notice: id,
      budget: notice.budgetId,
      budget_name: name,
      kind,
      percent: percent ?? null,
      subject,
      spent_usd: spentUsd,
      available_usd: availableUsd,
      period_start: new Date(notice.periodStartMs).toISOString(),
    },
  };
}
