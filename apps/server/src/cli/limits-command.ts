import type { Budget, Limit } from '@app/contract';
import { GatewayError } from '@app/protocol';
import { type LimitPlace, placeOf } from '../limits/management/limit-place.ts';
import { budgetsHelp, limitsHelp } from './limits-help.ts';
import {
  type BudgetsRequest,
  type LimitsOf,
  type LimitsRequest,
  readBudgetsOptions,
  readLimitsOptions,
} from './limits-options.ts';
import { writeBudgetDetails, writeBudgetsTable, writeLimitsTable } from './limits-table.ts';
import { type OpenCliLimits, openCliLimits } from './open-cli-limits.ts';
import type { World } from './world.ts';

/** Runs `limits ...`. Resolves to the exit status: 0 done, 1 failed, 2 used wrongly. */
export async function runLimits(args: readonly string[], world: World): Promise<number> {
  const request = readLimitsOptions(args);
  if (request.do === 'help') return explain(world, limitsHelp);
  if (request.do === 'refuse') return misused(world, 'limits', request.problem);
  return withLimits(world, request, (open, place) => workOnLimits(request, { open, place, world }));
}

/** Runs `budgets ...`. Resolves to the exit status: 0 done, 1 failed, 2 used wrongly. */
export async function runBudgets(args: readonly string[], world: World): Promise<number> {
  const request = readBudgetsOptions(args);
  if (request.do === 'help') return explain(world, budgetsHelp);
  if (request.do === 'refuse') return misused(world, 'budgets', request.problem);
  return withLimits(world, request, (open, place) => workOnBudgets(request, { open, place, world }));
}

type Given = { open: OpenCliLimits; place: LimitPlace; world: World };

async function workOnLimits(
  request: Exclude<LimitsRequest, { do: 'help' | 'refuse' }>,
  { open: { limits }, place, world }: Given,
): Promise<void> {
  switch (request.do) {
    case 'create': {
      const made = await limits.create(place, request.limit);
      world.warn(`Made the limit "${made.name}". It holds from the next call on.\n`);
      world.print(`${made.id}\n`);
      return;
    }
    case 'list': {
      const all = await listAll<Limit>((cursor) => limits.list(place, { limit: 200, cursor }));
      world.print(request.json ? asJson(all) : writeLimitsTable(all));
      return;
    }
    case 'delete':
      world.warn(`Ended the limit "${(await limits.delete(place, request.id)).name}".\n`);
  }
}

const NOTICES_SHOWN = 10;

async function workOnBudgets(
  request: Exclude<BudgetsRequest, { do: 'help' | 'refuse' }>,
  { open: { budgets }, place, world }: Given,
): Promise<void> {
  switch (request.do) {
    case 'create': {
      const made = await budgets.create(place, request.budget);
      world.warn(`Made the budget "${made.name}". It holds from the next call on.\n`);
      world.print(`${made.id}\n`);
      return;
    }
    case 'list': {
      const all = await listAll<Budget>((cursor) => budgets.list(place, { limit: 200, cursor }));
      world.print(request.json ? asJson(all) : writeBudgetsTable(all));
      return;
    }
    case 'show': {
      const budget = await budgets.get(place, request.id);
      const asked = { limit: NOTICES_SHOWN, budgetId: request.id };
      const { data: notices } = await budgets.listNotices(place, asked);
      world.print(request.json ? asJson({ ...budget, notices }) : writeBudgetDetails(budget, notices));
      return;
    }
    case 'grant': {
      const budget = await budgets.grant(place, { id: request.id, grant: request.grant });
      world.warn(
        `Granted $${request.grant.amount_usd} to "${budget.name}" for the rest of its ${budget.period}.\n`,
      );
      return;
    }
    case 'delete':
      world.warn(`Ended the budget "${(await budgets.delete(place, request.id)).name}".\n`);
  }
}

async function withLimits(
  world: World,
  { project: name, isWhole }: LimitsOf,
  work: (open: OpenCliLimits, place: LimitPlace) => Promise<void>,
): Promise<number> {
  const open = await openCliLimits(world);
  try {
    const project = await open.findProject(name);
    if (project === undefined) {
      world.warn(`--project: there is no project "${name}".\n`);
      return 2;
    }
    const place = placeOf(project);
    await work(open, isWhole ? { ...place, projectId: undefined } : place);
    return 0;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    world.warn(`${error.message}\n`);
    return error.status === 400 ? 2 : 1;
  } finally {
    await open.close();
  }
}

async function listAll<Item>(
  list: (cursor: string | undefined) => Promise<{ data: Item[]; next_cursor: string | null }>,
): Promise<Item[]> {
  const all: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(cursor);
    all.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function explain(world: World, help: string): number {
  world.print(help);
  return 0;
}

function misused(world: World, command: string, problem: string): number {
  world.warn(`${problem}\nSee: tokenrouter ${command} --help\n`);
  return 2;
}
