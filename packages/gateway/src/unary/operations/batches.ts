import { GatewayError, isObject, type JsonObject } from '@app/protocol';
import { type Price, priceUsage } from '@app/providers';
import { badResponse } from '../../provider/answer-errors.ts';
import { isObjectId, type ObjectRegistry } from '../object-registry.ts';
import { usageReader } from '../read-usage.ts';
import type {
  Came,
  Metered,
  ProviderOrder,
  UnaryInput,
  UnaryOperation,
  UnaryReply,
} from '../unary-operation.ts';
import { createdAt, objectIn, unknownFile } from './files.ts';
import { listOwned } from './list-owned.ts';
import { jsonRequest, plainRequest } from './write-request.ts';

export type BatchDeps = {
  registry: ObjectRegistry;
  /** What a provider's model costs, by the provider's own name. */
  findPrice(providerId: string, model: string): Price | undefined;
};

/**
 * Batches at a provider, each its project's own like a file. What one used is charged once, to the request that first
 * sees it complete. Source of the format: OpenAI's API reference, "Batch".
 */
export function batchOperations(deps: BatchDeps): UnaryOperation[] {
  const { registry } = deps;
  const seen = (input: UnaryInput) => (came: Came) => see(deps, input, came);
  const onBatch = async (input: UnaryInput, method: 'GET' | 'POST', path = ''): Promise<ProviderOrder> => {
    const { id, providerId } = await ownedBatch(registry, input);
    const address = {
      operation: 'batches',
      method,
      path: `/batches/${encodeURIComponent(id)}${path}`,
    } as const;
    return {
      ...FREE,
      spending: 'owes',
      providerId,
      write: (target) => plainRequest(target, address),
      answer: { kind: 'read', read: seen(input) },
    };
  };
  const at = { dialect: 'openai-chat', body: 'none' } as const;
  return [
    {
      ...at,
      method: 'POST',
      route: '/v1/batches',
      body: 'json',
      read: (input) => create(deps, input),
    },
    { ...at, method: 'GET', route: '/v1/batches', read: (input) => listOwned(registry, 'batch', input) },
    { ...at, method: 'GET', route: '/v1/batches/{id}', read: (input) => onBatch(input, 'GET') },
    {
      ...at,
      method: 'POST',
      route: '/v1/batches/{id}/cancel',
      read: (input) => onBatch(input, 'POST', '/cancel'),
    },
  ];
}

/** Asking about a batch is free; what it used is told apart. */
const FREE = { kind: 'provider', ability: 'batches', model: undefined, isFree: true } as const;

async function create({ registry, ...deps }: BatchDeps, input: UnaryInput): Promise<ProviderOrder> {
  const { json, principal } = input;
  const fileId = json.input_file_id;
  if (typeof fileId !== 'string') {
    const detail = { param: 'input_file_id', retryable: false };
    throw new GatewayError('missing_parameter', "Missing required parameter: 'input_file_id'.", detail);
  }
  if (principal.allowed?.models !== undefined) {
    const message = 'This key may call some models only, and a batch names models in its file.';
    throw new GatewayError('model_not_allowed', message, { param: 'input_file_id', retryable: false });
  }
  const order = {
    ...FREE,
    spending: 'begins',
    write: (target) => jsonRequest(target, { operation: 'batches', path: '/batches', body: json }),
    answer: { kind: 'read', read: (came) => see({ registry, ...deps }, input, came) },
  } satisfies Omit<ProviderOrder, 'providerId'>;
  if (principal.mode === 'test') return order;
  const file = isObjectId(fileId)
    ? await registry.find(principal.projectId, { kind: 'file', id: fileId })
    : undefined;
  if (file === undefined) throw unknownFile(fileId);
  if (file.purpose !== 'batch') {
    // What was uploaded for something else was not looked through for other projects' files.
    const message = `The file ${fileId} was not uploaded for the purpose "batch".`;
    throw new GatewayError('invalid_parameter', message, { param: 'input_file_id', retryable: false });
  }
  return { ...order, providerId: file.providerId };
}

async function ownedBatch(
  registry: ObjectRegistry,
  { params, principal }: UnaryInput,
): Promise<{ id: string; providerId: string | undefined }> {
  const id = params.id ?? '';
  const unknown = new GatewayError('not_found', `No batch found with id '${id.slice(0, 100)}'.`, {
    param: 'id',
    retryable: false,
  });
  if (!isObjectId(id)) throw unknown;
  if (principal.mode === 'test') return { id, providerId: undefined };
  const found = await registry.find(principal.projectId, { kind: 'batch', id });
  if (found === undefined) throw unknown;
  return found;
}

/** Notes whose batch this is, whose its results are, and what it used. */
async function see(
  { registry, findPrice }: BatchDeps,
  { principal }: UnaryInput,
  { parse, target }: Came,
): Promise<UnaryReply> {
  const { id, body } = objectIn(parse());
  const providerId = target.provider.id;
  const createdAtMs = createdAt(body);
  const own = { providerId, createdAtMs };
  if (!(await registry.keep(principal, { ...own, id, kind: 'batch', purpose: '', body })))
    throw badResponse('gave an id that it had given before');
  for (const result of [body.output_file_id, body.error_file_id]) {
    if (typeof result !== 'string' || !isObjectId(result)) continue;
    const known = await registry.find(principal.projectId, { kind: 'file', id: result });
    if (known !== undefined) continue;
    const file = { id: result, object: 'file', purpose: RESULT, created_at: Math.floor(createdAtMs / 1_000) };
    await registry.keep(principal, { ...own, id: result, kind: 'file', purpose: RESULT, body: file });
  }
  const used = usedBy(body);
  if (used === undefined || !(await registry.claimUsage(principal.projectId, { kind: 'batch', id })))
    return {};
  const model = typeof body.model === 'string' ? body.model : '';
  const billed = { serviceTier: 'batch' };
  return {
    metered: { ...used, ...billed },
    cost: priceUsage(used.usage, findPrice(providerId, model), billed),
  };
}

const RESULT = 'batch_output';
const OVER: ReadonlySet<unknown> = new Set(['completed', 'expired', 'cancelled', 'failed']);
const readUsage = usageReader('outputText');

/** What a batch that is over used; undefined while it runs, or when its provider does not say. */
function usedBy({ status, usage }: JsonObject): Metered | undefined {
  if (!OVER.has(status) || !isObject(usage)) return undefined;
  const used = readUsage(usage);
  return Object.keys(used.usage).length === 0 ? undefined : used;
}
