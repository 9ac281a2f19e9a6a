import type { ObjectRegistry } from './object-registry.ts';
import { type BatchDeps, batchOperations } from './operations/batches.ts';
import { type CountTokens, countTokensOperations } from './operations/count-tokens.ts';
import { embeddingOperations } from './operations/embeddings.ts';
import { fileOperations } from './operations/files.ts';
import { passThroughOperations } from './operations/pass-through.ts';
import type { UnaryOperation } from './unary-operation.ts';

export type UnaryOperationDeps = {
  registry: ObjectRegistry;
  countTokens: CountTokens;
  findPrice: BatchDeps['findPrice'];
};

/** Everything that is one request and one answer and no conversation. */
export function createUnaryOperations({
  registry,
  countTokens,
  findPrice,
}: UnaryOperationDeps): UnaryOperation[] {
  return [
    ...embeddingOperations,
    ...passThroughOperations,
    ...fileOperations(registry),
    ...batchOperations({ registry, findPrice }),
    ...countTokensOperations(countTokens),
  ];
}
