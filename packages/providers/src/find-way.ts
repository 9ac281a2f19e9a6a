import type { DialectId } from '@app/protocol';
import type { Provider } from './provider.ts';

/** The row by which a caller of this dialect reaches this model of the provider: its own dialect where there is a way. */
export function findWay(provider: Provider, asked: { dialect: DialectId; model: string }): Provider {
  for (const { provider: way, models, isRequired } of provider.also ?? []) {
    const isMeant = isRequired === true || way.dialect === asked.dialect;
    if (isMeant && (models === undefined || models.some((name) => asked.model.startsWith(name)))) return way;
  }
  return provider;
}
