import type { TargetKey } from '@app/gateway';
import { createSecretSwap, type Provider, type Secret } from '@app/providers';

/**
 * Puts a key into rows that lie at one of its `origins`, and into no other. As long as `find` gives the same secret, a
 * credential that was replaced once is replaced by the same one, and keeps what was fetched for it.
 */
export function createApplyKey(
  origins: readonly string[],
  find: () => Secret | undefined,
): TargetKey['applyTo'] {
  const bound = new Map<string, boolean>();
  let held: { secret: Secret; swap: (provider: Provider) => Provider } | undefined;

  const isBound = (baseUrl: string): boolean => {
    const known = bound.get(baseUrl);
    if (known !== undefined) return known;
    const found = origins.includes(URL.parse(baseUrl)?.origin ?? '');
    bound.set(baseUrl, found);
    return found;
  };
  return (provider) => {
    const secret = find();
    if (secret === undefined || !isBound(provider.baseUrl)) return undefined;
    if (held?.secret !== secret) held = { secret, swap: createSecretSwap(secret) };
    return held.swap(provider);
  };
}
