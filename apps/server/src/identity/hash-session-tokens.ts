import { createHash } from 'node:crypto';
import type { DBAdapter, DBTransactionAdapter, Where } from 'better-auth/adapters';

/**
 * Keeps digests of session tokens in the place of the tokens. The library looks a session up by its token and wants it
 * back in the answer; what it gets from lists is the digest, which opens nothing and by which it can only delete.
 */
export function hashSessionTokens(adapter: DBAdapter): DBAdapter {
  return {
    ...hashed(adapter),
    transaction: (run) => adapter.transaction((inner) => run(hashed(inner))),
  };
}

const MARK = 'sha256:';

/** A token is 32 random characters, so a plain digest of it cannot be guessed back. */
function digestOf(token: string): string {
  return MARK + createHash('sha256').update(token, 'utf8').digest('base64url');
}

function hashed(adapter: DBTransactionAdapter): DBTransactionAdapter {
  return {
    ...adapter,
    create: async (given) =>
      withToken(
        given.model,
        await adapter.create({ ...given, data: inData(given.model, given.data) }),
        Reflect.get(given.data, 'token'),
      ),
    findOne: async (given) => {
      const where = inWhere(given.model, given.where, true);
      return withToken(given.model, await adapter.findOne({ ...given, where }), tokenIn(given.where));
    },
    findMany: (given) =>
      adapter.findMany({ ...given, where: inWhere(given.model, given.where ?? [], false) }),
    update: async ({ model, where, update }) => {
      const change = { model, where: inWhere(model, where, false), update: inData(model, update) };
      return withToken(model, await adapter.update(change), tokenIn(where));
    },
    updateMany: ({ model, where, update }) =>
      adapter.updateMany({ model, where: inWhere(model, where, false), update: inData(model, update) }),
    delete: ({ model, where }) => adapter.delete({ model, where: inWhere(model, where, false) }),
    deleteMany: ({ model, where }) => adapter.deleteMany({ model, where: inWhere(model, where, false) }),
    count: ({ model, where = [] }) => adapter.count({ model, where: inWhere(model, where, false) }),
  };
}

function inWhere(model: string, where: Where[], isRead: boolean): Where[] {
  if (model !== 'session') return where;
  return where.map((each) => (each.field === 'token' ? hashedWhere(each, isRead) : each));
}

function inData<D extends object>(model: string, data: D): D {
  const token: unknown = model === 'session' ? Reflect.get(data, 'token') : undefined;
  return typeof token === 'string' ? { ...data, token: digestOf(token) } : data;
}

/** Whoever presents a digest as a token finds nothing, not even with the secret that signs cookies. */
function hashedWhere(where: Where, isRead: boolean): Where {
  const hash = (value: unknown) => {
    if (typeof value !== 'string') return value;
    return value.startsWith(MARK) && !isRead ? value : digestOf(value);
  };
  const { value } = where;
  return { ...where, value: (Array.isArray(value) ? value.map(hash) : hash(value)) as Where['value'] };
}

function tokenIn(where: readonly Where[]): unknown {
  return where.find(({ field }) => field === 'token')?.value;
}

function withToken<R>(model: string, row: R, token: unknown): R {
  const isWhole = typeof row === 'object' && row !== null && 'token' in row;
  return model === 'session' && isWhole && typeof token === 'string' && !token.startsWith(MARK)
    ? { ...row, token }
    : row;
}
