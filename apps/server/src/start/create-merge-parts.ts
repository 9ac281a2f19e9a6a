import { createPriceOf, mergeParts, type PartRow, type SpanRow } from '@app/tracing';
import type { Config } from '../config.ts';
import { priceTable } from '../prices/price-table.ts';
import { readModels } from './read-models.ts';

/** Makes the rows of spans that come in parts, priced as all others are. */
export function createMergeParts(config: Config): (parts: readonly PartRow[]) => SpanRow | undefined {
  const priceOf = createPriceOf(priceTable(readModels(config)));
  return (parts) => mergeParts(parts, priceOf);
}
