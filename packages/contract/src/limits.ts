import { z } from 'zod';
import { Money } from './money.ts';

export const LimitMeasure = z.enum([
  'requests',
  'input_tokens',
  'output_tokens',
  'tokens',
  'concurrency',
  'cost',
]);
export type LimitMeasure = z.infer<typeof LimitMeasure>;

export const LimitPeriod = z.enum(['minute', 'hour', 'day', 'month']);
export type LimitPeriod = z.infer<typeof LimitPeriod>;

export const LimitScopeKind = z.enum(['organization', 'project', 'key', 'user', 'model', 'tag']);
export type LimitScopeKind = z.infer<typeof LimitScopeKind>;

/** Whose calls count. `id` names one; `*` gives each of them a count of its own. */
export const LimitScope = z.strictObject({
  kind: LimitScopeKind,
  id: z.string().trim().min(1).max(256).default('*'),
});
export type LimitScope = z.infer<typeof LimitScope>;

const name = z.string().trim().min(1).max(128);
/** US dollars as a decimal with at most nine places, so that no amount is ever a rounded float. */
export const UsdAmount = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,9})?$/, 'must be US dollars as a decimal in quotes, such as "250.00"');

const limitFields = {
  name,
  scope: LimitScope,
  measure: LimitMeasure,
  /** Absent for `concurrency`. */
  period: LimitPeriod.optional(),
  /** Requests, tokens or calls. */
  max: z.int().min(0).max(1_000_000_000_000).optional(),
  /** Instead of `max`, for `cost`. */
  max_usd: UsdAmount.optional(),
  enforcement: z.enum(['enforce', 'shadow']).default('enforce'),
};

/** How a count stands now. `subject` tells whose it is under a scope of `*`. */
export const LimitCount = z.object({
  subject: z.string(),
  used: z.int(),
  max: z.int(),
  resets_at: z.iso.datetime().nullable(),
});
export type LimitCount = z.infer<typeof LimitCount>;

export const Limit = z.object({
  id: z.string(),
  /** Null for a limit over the whole organization. */
  project_id: z.string().nullable(),
  name,
  scope: LimitScope,
  measure: LimitMeasure,
  period: LimitPeriod.nullable(),
  /** In the measure's unit; nano-dollars for `cost`. */
  max: z.int(),
  max_usd: z.string().nullable(),
  enforcement: z.enum(['enforce', 'shadow']),
  source: z.enum(['api', 'file', 'key']),
  created_at: z.iso.datetime(),
  created_by: z.string().nullable(),
  /** The fullest counts, at most ten. */
  counts: z.array(LimitCount),
});
export type Limit = z.infer<typeof Limit>;

/** Which page of a list. */
export const LimitSearch = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});
export type LimitSearch = z.infer<typeof LimitSearch>;

export const NewLimit = z.strictObject(limitFields);
export type NewLimit = z.input<typeof NewLimit>;
export const LimitChange = z.strictObject({
  name: name.optional(),
  max: limitFields.max,
  max_usd: limitFields.max_usd,
  enforcement: z.enum(['enforce', 'shadow']).optional(),
});
export type LimitChange = z.infer<typeof LimitChange>;
export const LimitList = z.object({ data: z.array(Limit), next_cursor: z.string().nullable() });
export type LimitList = z.infer<typeof LimitList>;

/** When a budget is spent: refuse, send to `model` instead, or refuse and ask the owner for more. */
export const BudgetAction = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('block') }),
  z.strictObject({ kind: z.literal('route'), model: z.string().trim().min(1).max(200) }),
  z.strictObject({ kind: z.literal('ask') }),
]);
export type BudgetAction = z.infer<typeof BudgetAction>;

const budgetFields = {
  name,
  scope: LimitScope,
  period: z.enum(['day', 'month']),
  amount_usd: UsdAmount,
  action: BudgetAction,
  /** Percents of the amount at which somebody is told. */
  warn_percents: z.array(z.int().min(1).max(100)).max(10),
  /** `strict`: never lowers a call's output cap, and reserves a token per byte of input. */
  mode: z.enum(['normal', 'strict']),
  /** What one period leaves is added to the next, up to one amount. */
  carry_over: z.boolean(),
  enforcement: z.enum(['enforce', 'shadow']),
  /** Who is told and asked: an e-mail address or a name. */
  owner: z.string().trim().min(1).max(254).nullable(),
};

export const NewBudget = z.strictObject({
  ...budgetFields,
  period: budgetFields.period.default('month'),
  action: BudgetAction.default({ kind: 'block' }),
  warn_percents: budgetFields.warn_percents.default([50, 80, 95]),
  mode: budgetFields.mode.default('normal'),
  carry_over: budgetFields.carry_over.default(false),
  enforcement: budgetFields.enforcement.default('enforce'),
  owner: budgetFields.owner.default(null),
});
export type NewBudget = z.input<typeof NewBudget>;
export const BudgetChange = z
  .strictObject({ ...budgetFields })
  .omit({ scope: true, period: true })
  .partial();
export type BudgetChange = z.infer<typeof BudgetChange>;

/** The current period of one budget, of one subject under a scope of `*`. */
export const BudgetState = z.object({
  subject: z.string(),
  period_start: z.iso.datetime(),
  period_end: z.iso.datetime(),
  /** The amount, and what was carried over and granted. */
  available: Money,
  spent: Money,
  /** Held for calls under way. */
  reserved: Money,
  /** What the period will have cost at its end, at the pace of the last seven days or of the period so far. */
  projected: Money,
  status: z.enum(['ok', 'warned', 'exhausted']),
});
export type BudgetState = z.infer<typeof BudgetState>;

export const Budget = z.object({
  id: z.string(),
  project_id: z.string().nullable(),
  ...budgetFields,
  amount: Money,
  source: z.enum(['api', 'file']),
  created_at: z.iso.datetime(),
  created_by: z.string().nullable(),
  /** The most spent first, at most ten. */
  states: z.array(BudgetState),
});
export type Budget = z.infer<typeof Budget>;
export const BudgetList = z.object({ data: z.array(Budget), next_cursor: z.string().nullable() });
export type BudgetList = z.infer<typeof BudgetList>;

/** Whose count it is: empty, or under a scope of `*` the user, key, project or tag. */
const subject = z.string().max(256).default('');
const reason = z.string().trim().max(500).optional();

/** More money for the rest of the current period. It answers what the budget asked. */
export const BudgetGrant = z.strictObject({ amount_usd: UsdAmount, subject, reason });
export type BudgetGrant = z.input<typeof BudgetGrant>;

/** The other answer to what a budget asked: no more for this period. */
export const BudgetDecline = z.strictObject({ subject, reason });
export type BudgetDecline = z.input<typeof BudgetDecline>;

/** Something that a budget did, and who was to be told. */
export const BudgetNotice = z.object({
  id: z.string(),
  budget_id: z.string(),
  subject: z.string(),
  period_start: z.iso.datetime(),
  kind: z.enum(['warned', 'exhausted', 'asked', 'granted', 'declined', 'routed', 'exceeded_shadow']),
  percent: z.int().nullable(),
  spent: Money,
  available: Money,
  told: z.array(z.string()),
  created_at: z.iso.datetime(),
  /** What was said to `asked`; null until then. */
  answer: z
    .object({
      kind: z.enum(['granted', 'declined']),
      answered_at: z.iso.datetime(),
      answered_by: z.string().nullable(),
      reason: z.string().nullable(),
    })
    .nullable(),
});
export type BudgetNotice = z.infer<typeof BudgetNotice>;
export const BudgetNoticeList = z.object({
  data: z.array(BudgetNotice),
  next_cursor: z.string().nullable(),
});
export type BudgetNoticeList = z.infer<typeof BudgetNoticeList>;
