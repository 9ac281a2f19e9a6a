import { GatewayError } from '@app/protocol';
import type { Allowed, Principal, Snapshot, Target, Tenant } from '../ports.ts';

type Confined = Pick<Principal, 'allowed'>;

/**
 * Whether a key may call `target` under this name. A model is allowed by the name that the caller gives it, or by the
 * target's own with or without its provider before it.
 */
export function isAllowed({ allowed }: Confined, name: string | undefined, target: Target): boolean {
  if (allowed === undefined) return true;
  return isProviderAllowed(allowed, target) && isModelAllowed(allowed, name, target);
}

function isProviderAllowed({ providers }: Allowed, { provider }: Target): boolean {
  return providers === undefined || providers.includes(provider.id);
}

function isModelAllowed({ models }: Allowed, name: string | undefined, { provider, model }: Target): boolean {
  if (models === undefined) return true;
  const full = `${provider.id}/${model}`;
  return models.some(
    (pattern) =>
      matches(pattern, full) || matches(pattern, model) || (name !== undefined && matches(pattern, name)),
  );
}

/** `*` at the end stands for any rest. */
function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** What a key is told that may call none of the targets that there are. `targets` is not empty. */
export function notAllowed({ allowed }: Confined, model: string, targets: readonly Target[]): GatewayError {
  const isByProvider = allowed !== undefined && !targets.some((target) => isProviderAllowed(allowed, target));
  const detail = { param: 'model', retryable: false };
  if (isByProvider) {
    const message = `This key may not call the providers that serve \`${model.slice(0, 100)}\`.`;
    return new GatewayError('provider_not_allowed', message, detail);
  }
  const message = `This key may not call the model \`${model.slice(0, 100)}\`.`;
  return new GatewayError('model_not_allowed', message, detail);
}

/** The models of a list that a key may call. A key that is confined to nothing gets the list itself. */
export function listAllowed<Listed extends { id: string }>(
  principal: Pick<Principal, 'allowed' | 'mode'> & Tenant,
  models: readonly Listed[],
  findTargets: Snapshot['findTargets'],
): readonly Listed[] {
  const { allowed, mode } = principal;
  if (allowed?.models === undefined && allowed?.providers === undefined) return models;
  return models.filter(({ id }) =>
    findTargets(id, mode, principal).some((target) => isAllowed(principal, id, target)),
  );
}
