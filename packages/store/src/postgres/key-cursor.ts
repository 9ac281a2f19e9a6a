import { StoreError } from '../error.ts';

/** Where a page of keys ended: base64url of the creation time in milliseconds, a dot, and the id. */
export function writeKeyCursor(key: { created_at: Date; id: string }): string {
  return Buffer.from(`${key.created_at.getTime()}.${key.id}`).toString('base64url');
}

/** Throws `invalid_cursor` for anything that `writeKeyCursor` did not write. */
export function parseKeyCursor(cursor: string): { createdAt: Date; id: string } {
  const found = /^(\d{1,15})\.([\w-]{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (found?.[1] === undefined || found[2] === undefined) {
    throw new StoreError('invalid_cursor', 'The cursor is not one of this list.');
  }
  return { createdAt: new Date(Number(found[1])), id: found[2] };
}
