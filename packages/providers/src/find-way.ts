import type { DialectId } from '@app/protocol';
import type { Provider, Way } from './provider.ts';

/**
 * The row by which a caller of this dialect reaches this model of the provider: the only one that serves it, else the
 * caller's own dialect, else the one that keeps most, else the provider's main one.
 */
export function findWay(provider: Provider, asked: { dialect: DialectId; model: string }): Provider {
  const ways = (provider.also ?? []).filter((way) => leadsTo(way, asked.model));
  const required = ways.find((way) => way.isRequired === true);
  if (required !== undefined) return required.provider;
  if (provider.dialect === asked.dialect) return provider;
  const own = ways.find((way) => way.provider.dialect === asked.dialect);
  return (own ?? ways.find((way) => way.isPreferred === true))?.provider ?? provider;
}

function leadsTo({ models }: Way, model: string): boolean {
  return models === undefined || models.some((name) => model.startsWith(name));
}
