import type { ObjectRegistry } from './object-registry.ts';
import { type BatchDeps, batchOperations } from './operations/batches.ts';
import { type CountTokens, countTokensOperations } from './operations/count-tokens.ts';
import { embeddingOperations } from './operations/embeddings.ts';
import { fileOperations } from './operations/files.ts';
import { passThroughOperations } from './operations/pass-through.ts';
import { createOwnObjects, type OwnObjects } from './own-objects.ts';
import type { UnaryOperation, UnaryOrder } from './unary-operation.ts';

export type UnaryOperationDeps = {
  registry: ObjectRegistry;
  countTokens: CountTokens;
  findPrice: BatchDeps['findPrice'];
  /** Every project may use what the accounts keep beside files. */
  isShared?: boolean;
};

/** Everything that is one request and one answer and no conversation. */
export function createUnaryOperations({
  registry,
  countTokens,
  findPrice,
  isShared = false,
}: UnaryOperationDeps): UnaryOperation[] {
  const own = createOwnObjects({ registry, isShared });
  const operations = [
    ...embeddingOperations,
    ...passThroughOperations,
    ...fileOperations(registry, own),
    ...batchOperations({ registry, findPrice }),
    ...countTokensOperations(countTokens),
  ];
  return operations.map((operation) =>
    operation.body === 'json' ? withOwnObjects(operation, own) : operation,
  );
}

/** The same for calls that name only what is their project's own. The sandbox, which answers test keys, keeps nothing. */
function withOwnObjects(operation: UnaryOperation, own: OwnObjects): UnaryOperation {
  return {
    ...operation,
    read(input) {
      const { principal, json } = input;
      const named = principal.mode === 'test' ? undefined : own.find(json);
      if (named === undefined) return operation.read(input);
      const order = async (): Promise<UnaryOrder> => {
        const keepers = await own.check(principal.projectId, named);
        return atKeeper(await operation.read(input), keepers);
      };
      return order();
    },
  };
}

function atKeeper(order: UnaryOrder, keepers: readonly string[]): UnaryOrder {
  const [keeper] = keepers;
  if (order.kind === 'local' || keeper === undefined) return order;
  const providerId = order.providerId ?? keeper;
  // Another account may have given the same name to something else.
  return { ...order, providerId: keepers.includes(providerId) ? providerId : keeper };
}
