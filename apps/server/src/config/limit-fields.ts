import { NewBudget, NewLimit } from '@app/contract';
import { GatewayError } from '@app/protocol';
import { z } from 'zod';
import { readBound, readPeriod } from '../limits/management/read-bound.ts';

const slug = z.string().trim().min(1).max(64);

const place = {
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must be 1 to 64 lower-case letters, digits, "-" or "_"')
    .describe('Your name for it. What was counted belongs to this id: keep it when you change the rest.'),
  name: z.string().trim().min(1).max(128).optional().describe('As messages call it. Default: the id.'),
  organization: slug.default('default').describe('Slug of the organization.'),
  project: slug
    .optional()
    .describe('Slug of the project whose calls count. Default: those of the whole organization.'),
};

const limit = NewLimit.shape;
const budget = NewBudget.shape;
const scope = limit.scope.describe(
  'Whose calls count: `kind` is organization, project, key, user, model or tag; `id` names one, and `*` counts each by itself.',
);
const enforcement = limit.enforcement.describe('`shadow` counts and tells, and refuses nothing.');

export const LimitEntry = z.strictObject({
  ...place,
  scope,
  measure: limit.measure.describe('What is counted.'),
  period: limit.period.describe('Over what time. Leave it out for `concurrency`, and only there.'),
  max: limit.max.describe('The most of it. For `cost` write `max_usd` instead.'),
  max_usd: limit.max_usd.describe('The most US dollars, in quotes: `"25.00"`.'),
  enforcement,
});

export const BudgetEntry = z.strictObject({
  ...place,
  scope,
  period: budget.period.describe('Over what time.'),
  amount_usd: budget.amount_usd.describe('US dollars per period, in quotes: `"250.00"`.'),
  action: budget.action.describe(
    'When it is spent: `kind: block`, `kind: route` with the `model` that answers instead, or `kind: ask`.',
  ),
  warn_percents: budget.warn_percents.describe('At which percents of the amount its owner is told.'),
  mode: budget.mode.describe(
    '`strict` never lowers a call to what is left, and reserves a token for every byte of input.',
  ),
  carry_over: budget.carry_over.describe(
    'Whether what a period leaves is added to the next, up to one amount.',
  ),
  enforcement,
  owner: budget.owner.describe('Who is told and asked: an e-mail address or a name.'),
});

export type LimitEntry = z.infer<typeof LimitEntry>;
export type BudgetEntry = z.infer<typeof BudgetEntry>;

type Problem = [path: PropertyKey[], message: string];

/** What no single field can tell: double ids, bounds of the wrong kind. */
export function limitProblems(file: {
  limits: readonly LimitEntry[];
  budgets: readonly BudgetEntry[];
}): Problem[] {
  const all = [
    ...file.limits.map(({ id }, at) => ({ id, at: ['limits', at, 'id'] })),
    ...file.budgets.map(({ id }, at) => ({ id, at: ['budgets', at, 'id'] })),
  ];
  const seen = new Set<string>();
  const doubles = all.flatMap(({ id, at }): Problem[] => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [[at, `"${id}" is there twice; limits and budgets each need an id of their own`]];
  });
  return [...doubles, ...file.limits.flatMap(boundProblems)];
}

function boundProblems(entry: LimitEntry, at: number): Problem[] {
  try {
    readPeriod(entry.measure, entry.period);
    readBound(entry.measure, entry);
    return [];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    // The sentence begins with the field, and so does the place.
    const field = error.detail.param ?? 'id';
    return [[['limits', at, field], error.message.replace(`${field}: `, '').replace(/\.$/, '')]];
  }
}
