import { type FilterTree, parseFilter } from '@app/contract';
import { StoreError } from '../../error.ts';
import type { Clickhouse } from '../open-clickhouse.ts';
import { compileFilter, type Filter } from './compile-filter.ts';
import { findTextDigests, textsOf } from './find-text-digests.ts';

/** What is looked for: an expression of the filter language, and a text. */
export type Sought = { filter?: string | undefined; search?: string | undefined };

/**
 * Conditions on spans for what is sought. Throws `invalid_filter` for an expression that cannot be read; the sentence
 * says where it is wrong and what to write instead.
 */
export async function createSearchFilters(
  clickhouse: Clickhouse,
  projectId: string,
  { filter = '', search = '' }: Sought,
): Promise<Filter[]> {
  const trees: FilterTree[] = [];
  const parsed = parseFilter(filter);
  if (!parsed.ok) {
    throw new StoreError('invalid_filter', `At character ${parsed.at + 1}: ${parsed.message}`);
  }
  if (parsed.filter !== undefined) trees.push(parsed.filter);
  if (search !== '') trees.push({ kind: 'text', text: search });
  const [first] = trees;
  if (first === undefined) return [];
  const digests = await findTextDigests(clickhouse, projectId, trees.flatMap(textsOf));
  return trees.map((tree, index) => compileFilter(tree, digests, index === 0 ? 'f' : 'g'));
}
