import type { BudgetDecline, BudgetGrant } from '@app/contract';
import type { FindPeriod } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import { type RelationalStore, type StoredLimit, type StoredNotice, writeMoney } from '@app/store';
import { ACKNOWLEDGE_MS } from './create-limits.ts';
import { invalid } from './limit-place.ts';
import { parseUsd } from './parse-usd.ts';
import type { ReadStandings } from './read-standings.ts';

export type AnswerDeps = {
  limits: Pick<
    RelationalStore['limits'],
    | 'insertBudgetGrant'
    | 'answerBudgetNotices'
    | 'insertBudgetNotices'
    | 'findLimitSequence'
    | 'waitForAcknowledgement'
  >;
  readStandings: ReadStandings;
  findPeriod: FindPeriod;
  /** Brings a notice to whom it tells, without being waited for. */
  deliver: (notice: StoredNotice) => void;
  nowMs: () => number;
  newId: (prefix: `${string}_`) => string;
};

/** What the owner of a budget says: more for this period, or no more. */
export type Answers = {
  grant(budget: StoredLimit, grant: BudgetGrant, by: string | undefined): Promise<void>;
  /** The questions that this answered. Throws `conflict` when there were none. */
  decline(budget: StoredLimit, decline: BudgetDecline, by: string | undefined): Promise<StoredNotice[]>;
};

/** Eight million dollars in nano-dollars: with room below what a number holds exactly. */
const PERIOD_NANOS_MAX = 8_000_000_000_000_000;

export function createAnswers(deps: AnswerDeps): Answers {
  const { limits, findPeriod, nowMs } = deps;
  const periodOf = ({ period, zone }: StoredLimit) =>
    findPeriod(period === 'day' ? 'day' : 'month', zone, nowMs()).startMs;
  const answer = (budget: StoredLimit, given: { subject: string; reason: string | undefined }) => ({
    budgetId: budget.id,
    subject: given.subject,
    reason: given.reason,
    periodStartMs: periodOf(budget),
    answeredAtMs: nowMs(),
  });
  /** Tells of the answer as of everything else that a budget does. */
  const note = async (budget: StoredLimit, kind: 'granted' | 'declined', subject: string) => {
    const standings = (await deps.readStandings([budget])).get(budget.id) ?? [];
    const standing = standings.find((each) => each.subject === subject);
    const spent = standing === undefined ? 0 : standing.used - standing.reserved;
    const noted = await limits.insertBudgetNotices([
      {
        id: deps.newId('ntc_'),
        budgetId: budget.id,
        subject,
        periodStartMs: periodOf(budget),
        kind,
        percent: undefined,
        spent,
        available: standing?.max ?? budget.max,
        createdAtMs: nowMs(),
      },
    ]);
    for (const each of noted) deps.deliver(each);
  };
  return {
    grant: async (budget, { amount_usd, subject = '', reason }, by) => {
      checkSubject(budget, subject);
      const amount = parseUsd(amount_usd);
      if (amount === 0) throw invalid('amount_usd', 'amount_usd must be more than 0.');
      const extra = await limits.insertBudgetGrant(budget.organizationId, {
        id: deps.newId('grt_'),
        limitId: budget.id,
        subject,
        periodStartMs: periodOf(budget),
        amount,
        extraMax: PERIOD_NANOS_MAX - budget.max,
        reason,
        createdAtMs: nowMs(),
        createdBy: by,
      });
      if (extra === undefined) throw tooMuch();
      await limits.answerBudgetNotices(budget.organizationId, {
        ...answer(budget, { subject, reason }),
        answer: 'granted',
        answeredBy: by,
      });
      await limits.waitForAcknowledgement(await limits.findLimitSequence(), ACKNOWLEDGE_MS);
      await note(budget, 'granted', subject);
    },
    decline: async (budget, { subject = '', reason }, by) => {
      checkSubject(budget, subject);
      const answered = await limits.answerBudgetNotices(budget.organizationId, {
        ...answer(budget, { subject, reason }),
        answer: 'declined',
        answeredBy: by,
      });
      if (answered.length === 0) {
        const message = 'This budget asked for nothing in this period, or was answered before.';
        throw new GatewayError('conflict', message, { retryable: false });
      }
      await note(budget, 'declined', subject);
      return answered;
    },
  };
}

function checkSubject({ scope }: StoredLimit, subject: string): void {
  if (scope.id === '*' && subject === '')
    throw invalid(
      'subject',
      `subject is missing: say whose count gets it, by the name of the ${scope.kind}.`,
    );
  if (scope.id !== '*' && subject !== '')
    throw invalid('subject', 'subject: leave it out, because this budget has one count for all.');
  if (subject.includes('\0') || !subject.isWellFormed())
    throw invalid('subject', 'subject holds a character that cannot be kept.');
}

function tooMuch(): GatewayError {
  const { usd } = writeMoney(BigInt(PERIOD_NANOS_MAX));
  return invalid('amount_usd', `amount_usd: a period has at most $${usd} in all.`);
}
