import { GatewayError } from '@app/protocol';
import { findAbility, findWay, type Operation } from '@app/providers';
import { isAllowed, notAllowed } from '../admission/allowed.ts';
import type { RouteMode } from '../asked.ts';
import type { Outcome } from '../outcome.ts';
import type { Allowed, Principal, Target } from '../ports.ts';
import { findOperationTargets } from './find-operation-targets.ts';
import type { UnaryAsked } from './unary-asked.ts';
import type { ProviderOrder, UnarySnapshot } from './unary-operation.ts';

export type UnaryPlan = { targets: readonly Target[]; mode: RouteMode };

type PlanInput = {
  order: ProviderOrder;
  asked: Pick<UnaryAsked, 'dialect' | 'principal' | 'callerKeys'>;
  snapshot: UnarySnapshot;
  attemptsMax: number;
};

/**
 * Who may answer, first choice first: those that serve the model and can do this. Empty only where there is another way
 * to answer. 404 when nobody serves the model, or nobody who does can do this.
 */
export function unaryPlan({ order, asked, snapshot, attemptsMax }: PlanInput): Outcome<UnaryPlan> {
  const { ability, model, providerId } = order;
  const found = findOperationTargets(snapshot, asked.callerKeys, {
    operation: ability,
    model,
    providerId,
    mode: asked.principal.mode,
    tenant: asked.principal,
  });
  const { principal } = asked;
  const allowed = found.targets.filter((target) => isAllowedFor(order, principal, target));
  if (allowed.length === 0 && found.targets.length > 0)
    return { ok: false, error: notAllowed(principal, model ?? ability, found.targets) };
  const targets = allowed.slice(0, attemptsMax).map((target) => {
    const { operations, kind } = target.provider;
    const way = findWay(target.provider, { dialect: asked.dialect.id, model: target.model });
    const said = { ...(operations && { operations }), ...(kind && { kind }) };
    return { ...target, provider: { ...way, ...said } };
  });
  const mode = model === undefined ? 'default' : 'pinned';
  const isAnswered = targets.length > 0 || (order.fallback !== undefined && found.isKnown);
  return isAnswered
    ? { ok: true, value: { targets, mode } }
    : { ok: false, error: found.refusal ?? notFound(order, found.isKnown) };
}

/** What names no model is confined by its provider alone where models play no part in it. */
function isAllowedFor({ ability, model }: ProviderOrder, principal: Principal, target: Target): boolean {
  const { allowed } = principal;
  if (allowed === undefined) return true;
  const isModelless = model === undefined && MODELLESS.has(ability);
  return isAllowed(isModelless ? { allowed: withoutModels(allowed) } : principal, model, target);
}

const MODELLESS: ReadonlySet<Operation> = new Set(['files', 'batches']);

function withoutModels({ models: _, ...allowed }: Allowed): Allowed {
  return allowed;
}

function notFound({ ability, model, providerId }: ProviderOrder, isKnown: boolean): GatewayError {
  const where =
    providerId === undefined ? 'No configured provider' : `The provider "${providerId.slice(0, 64)}"`;
  if (model === undefined) {
    const verb = providerId === undefined ? 'offers' : 'is not configured or does not offer';
    return new GatewayError('not_found', `${where} ${verb} ${ability}.`, { retryable: false });
  }
  const name = `\`${model.slice(0, 100)}\``;
  const message = isKnown
    ? `The model ${name} is served, but not by a provider that offers ${ability}.`
    : `The model ${name} does not exist or is not served here.`;
  return new GatewayError('model_not_found', message, { param: 'model', retryable: false });
}

/** Whether what this target does for the order is free of charge. */
export function isFreeAt({ ability, isFree }: ProviderOrder, { provider }: Target): boolean {
  return isFree === true || findAbility(provider, ability)?.isFree === true;
}
