import { GatewayError } from '@app/protocol';
import type { AppliedLimit, Claim, Count, Hold, Limit, Measure, Taken } from '../limits/limit.ts';
import { dispatchClaims, isOfDispatch, isPerCall } from '../limits/worst/dispatch-claims.ts';
import { fitOutput } from '../limits/worst/fit-output.ts';
import { shareOutput } from '../limits/worst/share-output.ts';
import type { Worst } from '../limits/worst/worst-case.ts';
import type { Target } from '../ports.ts';
import { limitNameOf } from '../record/note-limit.ts';
import { type Counting, findLimits, type LimitDeps } from './counting.ts';
import { awayError, limitError, type Refusing, refusingOf } from './limit-error.ts';
import { limitName } from './limit-words.ts';
import { type Ended, usedOf } from './used-of.ts';

/** One request to a provider that is about to be sent. */
export type Dispatch = Counting & {
  target: Target;
  /** The most it may take; `isStrict` takes every byte of its input for a token. Asked only where something counts it. */
  findWorst(isStrict: boolean): Worst;
  /** The least output that is worth a call. Absent where the output has no cap that could be lowered. */
  outputTokensMin?: number;
  /** No tokens and no money: only what counts requests of a model counts it. */
  isFree?: boolean;
  /** What it will use is known only long after: refused where money or tokens are limited. */
  isOpenEnded?: boolean;
  /** Counted and never refused: its provider has done the work already. */
  isOwed?: boolean;
};

/** What one dispatch holds; settled once, by the first of these. */
export type Reservation = {
  settle(ended: Ended): void;
  /** It was never sent. */
  withdraw(): void;
};

export type Refusal = {
  error: GatewayError;
  limitId: string | undefined;
  limitName?: string;
  /** Another target may fit: what refused is about money or about this model. */
  mayFitElsewhere: boolean;
  /** Budgets among what refused. */
  budgets: readonly Count[];
  /** It would fit if calls under way used nothing of what they hold, so it may fit when they have ended. */
  isHeld?: boolean;
};

export type Reserved =
  | { ok: true; reservation: Reservation; counts: readonly Count[]; outputTokensMax: number | undefined }
  | { ok: false; refusal: Refusal; counts: readonly Count[] };

/** Takes the worst case of a dispatch from every limit that counts it. `done` runs once, before this returns where counts are in memory. */
export type Reserve = (dispatch: Dispatch, done: (reserved: Reserved) => void) => void;

export function createReserve(deps: LimitDeps): Reserve {
  return (dispatch, done) => {
    if (deps.snapshot.findLimits === undefined) {
      done(UNCOUNTED);
      return;
    }
    const { principal, target } = dispatch;
    const { userId, tags } = dispatch.facts;
    const facts = { userId, tags, target: { providerId: target.provider.id, model: target.model } };
    const limits = limitsOf(findLimits(deps, { principal, facts }), dispatch);
    if (limits.length === 0) {
      done(UNCOUNTED);
      return;
    }
    const unheld = dispatch.isOpenEnded === true ? limits.find(isOfUse) : undefined;
    if (unheld !== undefined) done({ ok: false, refusal: openEndedRefusal(unheld), counts: [] });
    else reserveLimits({ deps, dispatch, limits, done });
  };
}

const UNCOUNTED: Reserved = {
  ok: true,
  reservation: { settle: () => undefined, withdraw: () => undefined },
  counts: [],
  outputTokensMax: undefined,
};

function limitsOf(found: readonly AppliedLimit[], { isOwed, isFree }: Dispatch): readonly AppliedLimit[] {
  const isCounted = ({ limit }: AppliedLimit): boolean =>
    isOfDispatch(limit) && (isFree !== true || isPerCall(limit));
  const limits = found.length === 0 ? found : found.filter(isCounted);
  if (isOwed !== true) return limits;
  return limits.map(({ limit, subject }) => ({ limit: { ...limit, enforcement: 'shadow' }, subject }));
}

/** Whether a limit holds back what calls use: tokens and money. */
function isOfUse({ limit }: AppliedLimit): boolean {
  return limit.enforcement === 'enforce' && !isPerCall(limit);
}

type Reserving = {
  deps: LimitDeps;
  dispatch: Dispatch;
  limits: readonly AppliedLimit[];
  done: (reserved: Reserved) => void;
};

/** The claims of a dispatch, by limits that bound its input strictly and by those that do not. */
type Claiming = { claims: readonly Claim[]; unpriced: readonly AppliedLimit[]; worst: Worst };

function reserveLimits(reserving: Reserving): void {
  const { dispatch, limits, done } = reserving;
  const strict = limits.filter(({ limit }) => limit.budget?.isStrict === true);
  const usual = strict.length === 0 ? limits : limits.filter((applied) => !strict.includes(applied));
  const worst = dispatch.findWorst(false);
  const worstStrict = strict.length === 0 ? worst : dispatch.findWorst(true);
  const claiming = (cap?: number): Claiming => {
    const [one, other] = [withCap(worst, cap), withCap(worstStrict, cap)];
    const [first, second] = [dispatchClaims(usual, one), dispatchClaims(strict, other)];
    const unpriced = [...first.unpriced, ...second.unpriced];
    return { claims: [...first.claims, ...second.claims], unpriced, worst: one };
  };
  const asked = claiming();
  const unpriced = asked.unpriced.find(({ limit }) => limit.enforcement === 'enforce');
  if (unpriced !== undefined) done({ ok: false, refusal: unpricedRefusal(unpriced, dispatch), counts: [] });
  else take({ ...reserving, claiming, lowerings: 0, isShared: false }, asked);
}

function withCap(worst: Worst, cap: number | undefined): Worst {
  if (cap === undefined) return worst;
  const outputTokens = cap * worst.choices;
  return { ...worst, outputTokensMax: cap, outputTokens, costNanos: worst.costWith(cap) };
}

type Taking = Reserving & {
  claiming: (cap: number) => Claiming;
  lowerings: number;
  isShared: boolean;
};

/** Others take from the same counts meanwhile, so what fitted a moment ago may not fit any more. */
const LOWERINGS_MAX = 3;

function take(taking: Taking, claiming: Claiming): void {
  const { deps, done } = taking;
  const { claims } = claiming;
  if (claims.length === 0) {
    done(UNCOUNTED);
    return;
  }
  deps.limitStore.reserve(claims, (taken) => {
    if (taken.kind === 'taken') onTaken(taking, claiming, taken);
    else if (taken.kind === 'refused') onRefused(taking, claiming, taken.counts);
    else done({ ok: false, refusal: away(), counts: [] });
  });
}

function onTaken(
  taking: Taking,
  { claims, worst }: Claiming,
  taken: Extract<Taken, { kind: 'taken' }>,
): void {
  const { isShared, lowerings } = taking;
  const reservation = reservationOf(taking.deps, taken.hold);
  const shared = isShared ? undefined : shareOutput(worst, { claims, counts: taken.counts });
  // A share that ends within what the call may think is none.
  if (shared === undefined || shared < (taking.dispatch.outputTokensMin ?? 0)) {
    const outputTokensMax = lowerings > 0 || isCapNeeded(claims, worst) ? worst.outputTokensMax : undefined;
    taking.done({ ok: true, reservation, counts: taken.counts, outputTokensMax });
    return;
  }
  reservation.withdraw();
  take({ ...taking, lowerings: lowerings + 1, isShared: true }, taking.claiming(shared));
}

function onRefused(taking: Taking, claiming: Claiming, counts: readonly Count[]): void {
  const { claims, worst } = claiming;
  const { dispatch, done, lowerings } = taking;
  const min = lowerings < LOWERINGS_MAX ? dispatch.outputTokensMin : undefined;
  const cap = min === undefined ? undefined : fitOutput(worst, counts);
  if (cap !== undefined && cap >= (min ?? 0)) {
    take({ ...taking, lowerings: lowerings + 1 }, taking.claiming(cap));
    return;
  }
  const isHeld = mayFitLater(claiming, counts, dispatch.outputTokensMin ?? Infinity);
  const refusal = { ...refusalOf(refusingOf(claims, counts)), isHeld };
  done({ ok: false, refusal, counts });
}

/** Whether it fits, with a lower cap if need be, once calls under way have given back what they hold. */
function mayFitLater({ claims, worst }: Claiming, counts: readonly Count[], capMin: number): boolean {
  const freed = counts.map((count, at): Count => {
    const used = count.used - (count.reserved ?? 0);
    return { ...count, used, isExceeded: count.isExceeded && used + (claims[at]?.amount ?? 0) > count.max };
  });
  const isHeld = counts.some(({ isExceeded, reserved = 0 }) => isExceeded && reserved > 0);
  const isRefused = freed.some(({ isExceeded, limit }) => isExceeded && limit.enforcement === 'enforce');
  return isHeld && (!isRefused || (fitOutput(worst, freed) ?? 0) >= capMin);
}

/** What was reserved for an output without a bound holds only when its provider is told the bound. */
function isCapNeeded(claims: readonly Claim[], { isCapOurs }: Worst): boolean {
  const isCounted = ({ limit }: Claim): boolean =>
    limit.enforcement === 'enforce' && OF_OUTPUT.has(limit.measure);
  return isCapOurs && claims.some(isCounted);
}

const OF_OUTPUT: ReadonlySet<Measure> = new Set(['output_tokens', 'tokens', 'cost']);

function reservationOf({ limitStore }: LimitDeps, hold: Hold): Reservation {
  let isHeld = true;
  const end = (used: (claim: Claim) => number | undefined): void => {
    if (!isHeld) return;
    isHeld = false;
    limitStore.settle(
      hold,
      hold.claims.map((claim) => used(claim) ?? claim.amount),
    );
  };
  return {
    settle: (ended) => end(({ limit }) => usedOf(limit, ended)),
    withdraw: () => end(() => 0),
  };
}

function away(): Refusal {
  return { error: awayError(), limitId: undefined, mayFitElsewhere: false, budgets: [] };
}

function refusalOf(refusing: readonly Refusing[]): Refusal {
  const [first, ...others] = refusing;
  if (first === undefined) return away();
  return {
    ...limitError([first, ...others]),
    mayFitElsewhere: refusing.every(({ count }) => isAboutTarget(count.limit)),
    budgets: refusing.flatMap(({ count }) => (count.limit.budget === undefined ? [] : [count])),
  };
}

function isAboutTarget({ measure, scope }: Limit): boolean {
  return measure === 'cost' || scope.kind === 'model';
}

/** Where money is limited, what has no price is not called: it might cost anything. */
function unpricedRefusal({ limit, subject }: AppliedLimit, { target }: Dispatch): Refusal {
  const name = `${target.provider.id}/${target.model}`.slice(0, 200);
  const why = `${limitName({ limit, subject })} counts money, and \`${name}\` has no price.`;
  const message = `${why} Give it one under \`models\` in the configuration, or call a model that has one.`;
  const error = new GatewayError('budget_exceeded', message, { param: 'model', retryable: false });
  return { error, ...limitNameOf(limit), mayFitElsewhere: true, budgets: [] };
}

/** A batch is billed when it ends, which may be a day later: no limit can hold what nobody knows. */
function openEndedRefusal({ limit, subject }: AppliedLimit): Refusal {
  const why = `${limitName({ limit, subject })} cannot hold what a batch will use, which is known when it ends.`;
  const message = `${why} Make the calls one by one, or have \`defaults.batches_beyond_limits\` set.`;
  const code = limit.measure === 'cost' ? 'budget_exceeded' : 'token_limit_exceeded';
  const error = new GatewayError(code, message, { retryable: false });
  return { error, ...limitNameOf(limit), mayFitElsewhere: false, budgets: [] };
}
