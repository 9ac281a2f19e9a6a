import { type Call, type DialectId, GatewayError } from '@app/protocol';
import { findWay } from '@app/providers';
import { isAllowed, notAllowed } from '../admission/allowed.ts';
import type { Asked, RouteMode } from '../asked.ts';
import type { Outcome } from '../outcome.ts';
import type { Snapshot, Target } from '../ports.ts';
import { withFirstKey } from '../provider-keys/open-target-queue.ts';
import { findKeyRefusal, findTargetsFor } from '../routing/caller-keys.ts';
import { preferred } from '../routing/preferred.ts';

/** Where a call may go, first choice first; never empty. */
export type Plan = { targets: readonly Target[]; mode: RouteMode };

export type PlanInput = {
  call: Call;
  asked: Pick<Asked, 'dialect' | 'principal' | 'modelPreferences' | 'providerIds' | 'callerKeys'>;
  snapshot: Snapshot;
  attemptsMax: number;
};

/**
 * A named model goes to whoever serves it; preferences come next, then the configured order; a call that names nothing
 * follows the configured order. 404 `model_not_found` when nobody serves any of it.
 */
export function plan({ call, asked, snapshot, attemptsMax }: PlanInput): Outcome<Plan> {
  const { mode } = asked.principal;
  const preferences = asked.modelPreferences ?? [];
  const named = pinnedModel(call.model);
  const isPinned = named !== undefined && preferences.length === 0;
  const wanted = named === undefined ? preferences : [named, ...preferences];
  // A pinned model that nobody serves is a mistake to tell, so the configured order does not step in for it.
  const names = isPinned ? wanted : [...wanted, ...snapshot.modelOrder(mode, asked.principal)];
  const find = findMeant({ asked, snapshot });
  const targets = preferred(names, find, attemptsMax);
  if (targets.length === 0) return { ok: false, error: noTarget({ asked, snapshot }, names, call.model) };
  const chosenBy = named !== undefined ? 'pinned' : preferences.length > 0 ? 'preferred' : 'default';
  return {
    ok: true,
    value: { targets: targets.map((target) => towards(target, asked.dialect.id)), mode: chosenBy },
  };
}

type Looking = Pick<PlanInput, 'asked' | 'snapshot'>;

/** Targets of a name that may answer this call, as the key allows and the call says. What a key may not call is passed over. */
function findMeant({ asked, snapshot }: Looking): (model: string) => readonly Target[] {
  const { principal, providerIds } = asked;
  const find = findTargetsFor(snapshot, asked);
  if (principal.allowed === undefined && providerIds === undefined) return find;
  return (model) =>
    find(model).flatMap((target) => {
      const isMeant =
        providerIds?.includes(target.provider.id) !== false && isAllowed(principal, model, target);
      if (!isMeant) return [];
      // Files are in the account of the key that they were sent with.
      return (providerIds === undefined ? target : withFirstKey(target)) ?? [];
    });
}

/** Nobody serves any of the names, or not with the keys that came, or this key of ours may call none of those that do. */
function noTarget(looking: Looking, names: readonly string[], model: string | undefined): GatewayError {
  const { asked, snapshot } = looking;
  const { allowed, ...principal } = asked.principal;
  if (allowed !== undefined) {
    const find = findMeant({ asked: { ...asked, principal }, snapshot });
    for (const name of names) {
      const targets = find(name);
      if (targets.length > 0) return notAllowed(asked.principal, name, targets);
    }
  }
  const { callerKeys, ...keyless } = asked;
  const refusal = findKeyRefusal(callerKeys, names, findMeant({ asked: keyless, snapshot }));
  return refusal ?? notFound(names[0] ?? model ?? 'auto');
}

/**
 * The targets of the model that a spent budget sends calls to, by the same rules; empty when nobody serves it or the key
 * may not call it.
 */
export function replan(input: Omit<PlanInput, 'call'>, model: string): readonly Target[] {
  const { asked, attemptsMax } = input;
  return preferred([model], findMeant(input), attemptsMax).map((target) => towards(target, asked.dialect.id));
}

/** The target by the way that suits the caller's dialect. */
function towards(target: Target, dialect: DialectId): Target {
  if (target.provider.also === undefined) return target;
  return { ...target, provider: findWay(target.provider, { dialect, model: target.model }) };
}

/** `auto` and `auto:<mode>`, like no name at all, leave the choice to us. */
function pinnedModel(model: string | undefined): string | undefined {
  const isAutomatic = model === undefined || model === '' || model === 'auto' || model.startsWith('auto:');
  return isAutomatic ? undefined : model;
}

function notFound(model: string): GatewayError {
  const message = `The model \`${model.slice(0, 100)}\` does not exist or is not served here.`;
  return new GatewayError('model_not_found', message, { param: 'model', retryable: false });
}
