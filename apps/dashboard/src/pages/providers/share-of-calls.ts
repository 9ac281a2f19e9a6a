import type { ProviderCredential } from '@app/contract';

/**
 * What share of a provider's calls each of its keys gets. The project's own come first: those of the organization, and those
 * of weight 0, wait until the ones before them rest or fail.
 */
export function shareOfCalls(rows: readonly ProviderCredential[]): Map<string, number> {
  const usable = rows.filter(({ status }) => status === 'ready');
  const groups = [
    usable.filter(({ project_id: id, weight }) => id !== null && weight > 0),
    usable.filter(({ project_id: id, weight }) => id !== null && weight === 0),
    usable.filter(({ project_id: id, weight }) => id === null && weight > 0),
    usable.filter(({ project_id: id, weight }) => id === null && weight === 0),
  ];
  const first = groups.find((group) => group.length > 0) ?? [];
  const total = first.reduce((sum, { weight }) => sum + weight, 0);
  return new Map(first.map(({ id, weight }) => [id, total === 0 ? 1 / first.length : weight / total]));
}
