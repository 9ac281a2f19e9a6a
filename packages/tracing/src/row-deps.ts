import type { DigestOf } from './contents.ts';
import type { PriceOf } from './price-of.ts';
import type { SharedTexts } from './stored-span.ts';

/** What rows of received spans are built with. */
export type RowDeps = {
  /** Of the project. */
  digestOf: DigestOf;
  priceOf: PriceOf;
  shared: SharedTexts;
};

/** Names a system prompt within its project; it cannot be mistaken for a content. Empty without one. */
export function promptDigestOf(systemPrompt: string, digestOf: DigestOf): string {
  return systemPrompt === '' ? '' : digestOf(`prompt\0${systemPrompt}`);
}
