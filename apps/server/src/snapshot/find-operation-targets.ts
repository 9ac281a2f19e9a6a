import type { OperationQuestion, Target, UnarySnapshot } from '@app/gateway';
import { findAbility, isModelFor, knownProviders, type Operation, type Provider } from '@app/providers';

export type OperationConfig = {
  /** In order of preference. */
  providers: readonly Provider[];
  /** As for a conversation. */
  findTargets(name: string): readonly Target[];
};

/**
 * Who can do one thing with a model: those that serve it under this name; else those whose models for this are named
 * so. Without a model: whoever can do it, in the configured order.
 */
export function findOperationTargets(
  { providers, findTargets }: OperationConfig,
  { operation, model, providerId }: OperationQuestion,
): ReturnType<UnarySnapshot['findOperationTargets']> {
  const isMeant = ({ id }: Provider) => providerId === undefined || id === providerId;
  if (model === undefined) {
    const able = providers.filter((provider) => isMeant(provider) && canDo(provider, operation));
    return { targets: able.map((provider) => ({ provider, model: '', price: undefined })), isKnown: true };
  }
  const served = findTargets(model);
  const exact = served.filter(({ provider }) => isMeant(provider) && canDo(provider, operation));
  if (exact.length > 0) return { targets: exact, isKnown: true };
  const named = providers.filter((provider) => {
    const ability = isMeant(provider) ? findAbility(provider, operation) : undefined;
    return ability !== undefined && (providerId !== undefined || isModelFor(ability, model));
  });
  const targets = named.flatMap((provider) => findTargets(`${provider.id}/${model}`));
  return { targets, isKnown: served.length > 0 };
}

function canDo(provider: Provider, operation: Operation): boolean {
  return findAbility(provider, operation) !== undefined;
}

export type OperationTargetsDeps = {
  providers: readonly Provider[];
  /** The provider that answers test keys. */
  sandbox: Provider;
  findTargets(name: string, mode: 'live' | 'test'): readonly Target[];
};

/** The same for live and test keys. A test key may name what a live one could, and is answered by the sandbox. */
export function createOperationTargets(deps: OperationTargetsDeps): UnarySnapshot['findOperationTargets'] {
  const { providers, sandbox, findTargets } = deps;
  const known = Object.entries(knownProviders).map(
    ([id, { dialect, baseUrl }]): Provider => ({ id, dialect, baseUrl, auth: { kind: 'none' }, headers: {} }),
  );
  return (question) => {
    if (question.mode === 'live') {
      return findOperationTargets({ providers, findTargets: (name) => findTargets(name, 'live') }, question);
    }
    const { operation, model = '' } = question;
    const answer = { targets: [{ provider: sandbox, model, price: undefined }], isKnown: true };
    if (model === '') return answer;
    const served = findTargets(model, 'test');
    if (served.length > 0) {
      return { targets: served.filter(({ provider }) => canDo(provider, operation)), isKnown: true };
    }
    const isNamed = [...providers, ...known].some((provider) => {
      const ability = findAbility(provider, operation);
      return ability !== undefined && isModelFor(ability, model);
    });
    return isNamed ? answer : { targets: [], isKnown: false };
  };
}
