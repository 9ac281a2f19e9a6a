import { StoreError } from '../error.ts';

/** The last line of a page: the whole number that it is sorted by, and its name. */
export type GroupCursor = { rank: string; id: string };

/** base64url of the two, joined by a dot. */
export function writeGroupCursor({ rank, id }: GroupCursor): string {
  return Buffer.from(`${rank}.${id}`).toString('base64url');
}

/** Throws `invalid_cursor` for anything that `writeGroupCursor` did not write. */
export function parseGroupCursor(cursor: string): GroupCursor {
  const found = /^(\d{1,19})\.([\s\S]{1,300})$/.exec(Buffer.from(cursor, 'base64url').toString());
  const [, rank, id] = found ?? [];
  if (rank === undefined || id === undefined) {
    throw new StoreError('invalid_cursor', 'The cursor is not one of this list.');
  }
  return { rank, id };
}
