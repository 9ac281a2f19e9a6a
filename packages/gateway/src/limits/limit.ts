/** What is counted. `cost` is integer nano-dollars; `concurrency` is calls under way. */
export type Measure = 'requests' | 'input_tokens' | 'output_tokens' | 'tokens' | 'concurrency' | 'cost';

/**
 * `minute` and `hour` refill evenly (a leaky bucket that holds `max`); `day` and `month` begin anew at midnight, and on
 * the first, in the limit's zone.
 */
export type Period = 'minute' | 'hour' | 'day' | 'month';

export type ScopeKind = 'organization' | 'project' | 'key' | 'user' | 'model' | 'tag';

/**
 * Whose calls count against a limit. `id` is the organization's, project's or key's id, a user's name, a model as
 * `provider_id/model` or `model`, a tag; or `*`: each of them has a count of its own.
 */
export type LimitScope = { kind: ScopeKind; id: string };

/** What happens when a budget is spent: calls end, or go to a cheaper model, or end until its owner gives more. */
export type BudgetAction = { kind: 'block' } | { kind: 'route'; model: string } | { kind: 'ask' };

/** What makes a limit on cost a budget. */
export type BudgetPolicy = {
  action: BudgetAction;
  /** Whole percents of the amount at which its owner is told, ascending. */
  warnPercents: readonly number[];
  /** Never lowers a call's output cap, and bounds its input at one token per byte. */
  isStrict: boolean;
};

/** One limit, as the hot path knows it. */
export type Limit = {
  /** `lim_...`, `bud_...`, or `key_.../requests` for what belongs to a key itself. */
  id: string;
  /** As people call it, for messages. */
  name: string;
  organizationId: string;
  /** Only this project's calls count; absent for a limit over a whole organization. */
  projectId: string | undefined;
  scope: LimitScope;
  measure: Measure;
  /** Absent for `concurrency` and only there. */
  period: Period | undefined;
  /** Integer, at least 0: requests, tokens, calls or nano-dollars. */
  max: number;
  /** What one period has beyond `max`, by subject: carried over from the one before, or granted by the owner. */
  extra?: { periodStartMs: number; bySubject: ReadonlyMap<string, number> };
  /** `shadow` counts and tells, and never refuses. */
  enforcement: 'enforce' | 'shadow';
  /** IANA name of the zone in which days and months begin. */
  zone: string;
  /** Present for budgets. */
  budget?: BudgetPolicy;
};

/** What a call is, as far as limits ask. */
export type LimitFacts = {
  userId: string | undefined;
  /** The key's tags and the call's own. */
  tags: readonly string[];
  /** Present once a target was chosen. */
  target?: { providerId: string; model: string };
};

/** A limit that applies to a call. `subject` names the count: '' or, under a scope of `*`, whose it is. */
export type AppliedLimit = { limit: Limit; subject: string };

/** An amount that one dispatch takes from one count until it settles. */
export type Claim = AppliedLimit & {
  /** Integer, at least 0. */
  amount: number;
  /**
   * What stays charged when the server that holds it dies: what the provider bills whatever comes. At most `amount`; 0
   * for `concurrency`, and `amount` for `requests`.
   */
  floor: number;
};

/** How a count stands. Integers in the limit's measure; times in milliseconds. */
export type Count = {
  limit: Limit;
  subject: string;
  /** `limit.max` and what this period has beyond it. */
  max: number;
  /** Settled and reserved together, after this claim when it was taken. */
  used: number;
  /** The part of `used` that is reserved and not settled; only for days and months. */
  reserved?: number;
  /** Until the count is empty again: the bucket has drained, or the next period begins. 0 for `concurrency`. */
  resetMs: number;
  /** Until the amount that was refused would fit; 0 when it was taken. */
  retryAfterMs: number;
  /** Whether the claim did not fit. A claim of a `shadow` limit is taken all the same. */
  isExceeded: boolean;
};

/** Amounts held for one dispatch; settled exactly once, by whoever reserved them. */
export type Hold = { readonly claims: readonly Claim[] };

export type Taken =
  | { kind: 'taken'; hold: Hold; counts: readonly Count[] }
  /** Nothing was taken. `counts` tells of every claim; those of `enforce` limits that are exceeded refused it. */
  | { kind: 'refused'; counts: readonly Count[] }
  /** The shared counters do not answer, and the operator chose to refuse then. */
  | { kind: 'away' };

/** Counts in memory, or in Redis where several servers share them. */
export type LimitStore = {
  /**
   * Takes all claims or none. `done` runs once: before this returns where counts are in memory, later where they are not.
   * Never throws.
   */
  reserve(claims: readonly Claim[], done: (taken: Taken) => void): void;
  /**
   * Replaces what was held by what was used, in the order of the claims; 0 gives an amount back whole. May exceed what
   * was held: that difference is the settle error. Settling a hold twice settles it once. Never throws.
   */
  settle(hold: Hold, used: readonly number[]): void;
};

/** What somebody should hear of: a budget passed a threshold, was spent, sent a call to another model. */
export type LimitNews = {
  kind: 'warned' | 'exhausted' | 'asked' | 'routed' | 'exceeded_shadow' | 'counters_away' | 'counters_back';
  limit?: Limit;
  subject?: string;
  /** The threshold that was passed. */
  percent?: number;
  used?: number;
  max?: number;
  /** Epoch milliseconds. */
  atMs: number;
};

/** Hears of news without waiting; tells each thing once per period by itself. Never throws. */
export type TellNews = (news: LimitNews) => void;
