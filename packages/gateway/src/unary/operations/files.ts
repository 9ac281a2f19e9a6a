import { GatewayError, isObject, type Json, type JsonObject } from '@app/protocol';
import { badResponse } from '../../provider/answer-errors.ts';
import { readBatchLines } from '../batch-lines.ts';
import { type FormPart, fieldOf, filesOf, type Multipart } from '../multipart/read-multipart.ts';
import { isObjectId, type ObjectRegistry } from '../object-registry.ts';
import type { OwnObjects } from '../own-objects.ts';
import type { Came, ProviderOrder, UnaryInput, UnaryOperation, UnaryReply } from '../unary-operation.ts';
import { listOwned } from './list-owned.ts';
import { formRequest, plainRequest } from './write-request.ts';

const readNothing = () => ({ usage: {} });

/**
 * Files at a provider. All projects share one account there, so which file is whose is in our own registry: another
 * project's file is no more known than one that never was. Source of the format: OpenAI's API reference, "Files".
 */
export function fileOperations(registry: ObjectRegistry, own: OwnObjects): UnaryOperation[] {
  const of = (input: UnaryInput) => ownedFile(registry, input);
  const at = { dialect: 'openai-chat', body: 'none' } as const;
  return [
    {
      ...at,
      method: 'POST',
      route: '/v1/files',
      body: 'multipart',
      read: (input) => upload({ registry, own }, input),
    },
    {
      ...at,
      method: 'GET',
      route: '/v1/files',
      read: (input) => listOwned(registry, 'file', input),
    },
    {
      ...at,
      method: 'GET',
      route: '/v1/files/{id}',
      read: async (input) => ({
        ...onFile(await of(input), { method: 'GET' }),
        answer: { kind: 'read', read: (came) => kept(registry, input, came) },
        onRefused: (status) => forget(registry, input, status),
      }),
    },
    {
      ...at,
      method: 'DELETE',
      route: '/v1/files/{id}',
      read: async (input) => ({
        ...onFile(await of(input), { method: 'DELETE' }),
        answer: { kind: 'read', read: (came) => removed(registry, input, came) },
        onRefused: (status) => forget(registry, input, status),
      }),
    },
    {
      ...at,
      method: 'GET',
      route: '/v1/files/{id}/content',
      read: async (input) => ({
        ...onFile(await of(input), { method: 'GET', path: '/content' }),
        answer: { kind: 'pass', readUsage: readNothing, isOpaque: true },
      }),
    },
  ];
}

type Found = { id: string; providerId: string | undefined };

/** The caller's own file. A test key has none: whatever it asks for, the sandbox says that it keeps no files. */
async function ownedFile(registry: ObjectRegistry, { params, principal }: UnaryInput): Promise<Found> {
  const id = params.id ?? '';
  if (!isObjectId(id)) throw unknownFile(id);
  if (principal.mode === 'test') return { id, providerId: undefined };
  const found = await registry.find(principal.projectId, { kind: 'file', id });
  if (found === undefined) throw unknownFile(id);
  return found;
}

export function unknownFile(id: string): GatewayError {
  const message = `No such File object: ${id.slice(0, 100)}`;
  return new GatewayError('not_found', message, { param: 'id', retryable: false });
}

type OnFile = { method: 'GET' | 'DELETE'; path?: string };

function onFile({ id, providerId }: Found, { method, path = '' }: OnFile): Omit<ProviderOrder, 'answer'> {
  const address = { operation: 'files', method, path: `/files/${encodeURIComponent(id)}${path}` } as const;
  return {
    kind: 'provider',
    ability: 'files',
    model: undefined,
    providerId,
    isFree: true,
    write: (target) => plainRequest(target, address),
  };
}

type UploadDeps = { registry: ObjectRegistry; own: OwnObjects };

async function upload({ registry, own }: UploadDeps, input: UnaryInput): Promise<ProviderOrder> {
  const { form, principal, providerId } = input;
  const purpose = fieldOf(form, 'purpose') ?? '';
  const file = onlyFile(form);
  if (purpose === '') throw missing('purpose');
  const { parts, keepers } =
    purpose === 'batch' && principal.mode === 'live'
      ? await checkedBatch(own, { form, file, projectId: principal.projectId })
      : { parts: form.parts, keepers: [] };
  if (providerId !== undefined && keepers.length > 0 && !keepers.includes(providerId))
    throw unknownFile('of another provider');
  return {
    kind: 'provider',
    ability: 'files',
    model: undefined,
    providerId: providerId ?? keepers[0],
    isFree: true,
    write: (target) => formRequest(target, { operation: 'files', path: '/files', parts }),
    answer: { kind: 'read', read: (came) => kept(registry, input, came) },
  };
}

/** What came twice could be one thing to us and another to the provider. */
function onlyFile(form: Multipart): FormPart {
  const files = filesOf(form, 'file');
  const [file] = files;
  if (file === undefined) throw missing('file');
  const purposes = form.parts.filter(({ name }) => name.replace(/\[\]$/, '') === 'purpose');
  if (files.length === 1 && purposes.length <= 1) return file;
  const message = 'A form has one `file` and one `purpose`.';
  throw new GatewayError('invalid_parameter', message, { param: 'file', retryable: false });
}

type Batch = { form: Multipart; file: FormPart; projectId: string };

/** A line of a batch is a call of its own, and may name files as one. */
async function checkedBatch(
  own: OwnObjects,
  { form, file, projectId }: Batch,
): Promise<{ parts: readonly FormPart[]; keepers: string[] }> {
  const { bytes, named } = readBatchLines(file.bytes, own);
  const keepers = named === undefined ? [] : await own.check(projectId, named);
  return { parts: form.parts.map((part) => (part === file ? { ...file, bytes } : part)), keepers };
}

function missing(name: string): GatewayError {
  const message = `Missing required parameter: '${name}'.`;
  return new GatewayError('missing_parameter', message, { param: name, retryable: false });
}

/** Notes whose file this is before anybody is told of it. */
async function kept(
  registry: ObjectRegistry,
  { principal }: UnaryInput,
  { parse, target }: Came,
): Promise<UnaryReply> {
  const { id, body } = objectIn(parse());
  const purpose = typeof body.purpose === 'string' ? body.purpose : '';
  const createdAtMs = createdAt(body);
  const file = { id, kind: 'file', providerId: target.provider.id, purpose, createdAtMs, body } as const;
  if (!(await registry.keep(principal, file))) throw badResponse('gave an id that it had given before');
  return {};
}

async function removed(
  registry: ObjectRegistry,
  { params, principal }: UnaryInput,
  { parse }: Came,
): Promise<UnaryReply> {
  const { body } = objectIn(parse());
  if (body.deleted === true)
    await registry.remove(principal.projectId, { kind: 'file', id: params.id ?? '' });
  return {};
}

/** Files expire at their providers, and are then nobody's any more. */
function forget(registry: ObjectRegistry, { params, principal }: UnaryInput, status: number): void {
  if (status !== 404) return;
  // What cannot be forgotten now is forgotten the next time.
  registry.remove(principal.projectId, { kind: 'file', id: params.id ?? '' }).catch(() => {});
}

/** A provider's object under an id that can be a part of a path. */
export function objectIn(value: Json): { id: string; body: JsonObject } {
  if (!isObject(value) || typeof value.id !== 'string' || !isObjectId(value.id))
    throw badResponse('answered without the id of an object');
  return { id: value.id, body: value };
}

/** When a provider says an object was made, in epoch milliseconds. */
export function createdAt({ created_at: seconds }: JsonObject): number {
  const isTime = typeof seconds === 'number' && seconds > 0 && seconds < SECONDS_MAX;
  return isTime ? Math.floor(seconds * 1_000) : 0;
}

const SECONDS_MAX = 100_000_000_000;
