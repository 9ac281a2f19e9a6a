import type {
  Budget,
  BudgetChange,
  BudgetDecline,
  BudgetGrant,
  BudgetList,
  BudgetNoticeList,
  LimitSearch,
  NewBudget,
} from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { RelationalStore, StoredLimit } from '@app/store';
import { type AnswerDeps, createAnswers } from './create-answers.ts';
import { ACKNOWLEDGE_MS } from './create-limits.ts';
import { insertCounted } from './insert-counted.ts';
import { type LimitActor, type LimitPlace, refuseFileSource, refuseTestMode } from './limit-place.ts';
import { readBudget, readBudgetChange } from './read-budget.ts';
import type { ScopeDeps } from './read-scope.ts';
import type { ReadStates } from './read-states.ts';
import { writeBudget, writeNotice } from './write-budget.ts';

export type BudgetsDeps = ScopeDeps &
  AnswerDeps & {
    limits: Pick<
      RelationalStore['limits'],
      | 'insertLimit'
      | 'findLimit'
      | 'listLimits'
      | 'countLimits'
      | 'updateLimit'
      | 'deleteLimit'
      | 'listBudgetNotices'
    >;
    readStates: ReadStates;
    /** Whether calls can be sent to a model of this name. */
    hasModel: (name: string) => boolean;
  };

type Given<Body> = { id: string } & Body;

export type Budgets = {
  /** Throws a 4xx `GatewayError` for what cannot be. */
  create(place: LimitPlace, input: NewBudget, actor?: LimitActor): Promise<Budget>;
  list(place: LimitPlace, search: LimitSearch): Promise<BudgetList>;
  /** Throws `not_found` when there is none in this place; so do those below. */
  get(place: LimitPlace, id: string): Promise<Budget>;
  change(place: LimitPlace, given: Given<{ change: BudgetChange }>, actor?: LimitActor): Promise<Budget>;
  delete(place: LimitPlace, id: string, actor?: LimitActor): Promise<Budget>;
  /** More money for the rest of the period, which answers what was asked. */
  grant(place: LimitPlace, given: Given<{ grant: BudgetGrant }>, actor?: LimitActor): Promise<Budget>;
  /** No more money for this period. Throws `conflict` when nothing was asked. */
  decline(
    place: LimitPlace,
    given: Given<{ decline: BudgetDecline }>,
    actor?: LimitActor,
  ): Promise<BudgetNoticeList>;
  /** What the budgets of a place did, or one of them, newest first. */
  listNotices(place: LimitPlace, search: LimitSearch & { budgetId?: string }): Promise<BudgetNoticeList>;
};

/** Budgets of projects and organizations. Without an actor it is the operator who acts, on the machine itself. */
export function createBudgets(deps: BudgetsDeps): Budgets {
  const { limits } = deps;
  const answers = createAnswers(deps);
  const show = async (limit: StoredLimit): Promise<Budget> =>
    writeBudget(limit, (await deps.readStates([limit])).get(limit.id) ?? []);
  const get = async ({ organizationId, projectId }: LimitPlace, id: string) => {
    const found = await limits.findLimit(organizationId, { projectId, id, isBudget: true });
    if (found === undefined) throw noBudget();
    return found;
  };
  /** The write was done unless somebody deleted the budget meanwhile. */
  const told = async (written: { limit: StoredLimit; sequence: number } | undefined) => {
    if (written === undefined) throw noBudget();
    await limits.waitForAcknowledgement(written.sequence, ACKNOWLEDGE_MS);
    return show(written.limit);
  };
  return {
    create: async (place, input, actor) => {
      refuseTestMode(actor);
      const read = await readBudget(deps, place, input);
      const row = {
        ...read,
        id: deps.newId('bud_'),
        projectId: place.projectId,
        source: 'api' as const,
        createdAtMs: deps.nowMs(),
        createdBy: actor?.id,
      };
      return told(await insertCounted(limits, place, row));
    },
    list: async ({ organizationId, projectId }, search) => {
      const page = await limits.listLimits(organizationId, { ...search, projectId, isBudget: true });
      const states = await deps.readStates(page.limits);
      return {
        data: page.limits.map((limit) => writeBudget(limit, states.get(limit.id) ?? [])),
        next_cursor: page.nextCursor,
      };
    },
    get: async (place, id) => show(await get(place, id)),
    change: async (place, { id, change }, actor) => {
      refuseTestMode(actor);
      const found = await get(place, id);
      refuseFileSource(found);
      const { organizationId, projectId } = place;
      const read = readBudgetChange(deps, found, change);
      return told(await limits.updateLimit(organizationId, { projectId, id, isBudget: true, ...read }));
    },
    delete: async (place, id, actor) => {
      refuseTestMode(actor);
      refuseFileSource(await get(place, id));
      const { organizationId, projectId } = place;
      const asked = { projectId, id, isBudget: true, deletedAtMs: deps.nowMs() };
      return told(await limits.deleteLimit(organizationId, asked));
    },
    grant: async (place, { id, grant }, actor) => {
      refuseTestMode(actor);
      const budget = await get(place, id);
      await answers.grant(budget, grant, actor?.id);
      return show(budget);
    },
    decline: async (place, { id, decline }, actor) => {
      refuseTestMode(actor);
      const answered = await answers.decline(await get(place, id), decline, actor?.id);
      return { data: answered.map(writeNotice), next_cursor: null };
    },
    listNotices: async (place, { budgetId, ...search }) => {
      const { organizationId, projectId } = place;
      if (budgetId !== undefined) await get(place, budgetId);
      const page = await limits.listBudgetNotices(organizationId, { ...search, projectId, budgetId });
      return { data: page.notices.map(writeNotice), next_cursor: page.nextCursor };
    },
  };
}

function noBudget(): GatewayError {
  return new GatewayError('not_found', 'There is no such budget here.', { retryable: false });
}
