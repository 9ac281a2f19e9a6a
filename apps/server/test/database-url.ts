import type { PostgresOptions } from '@app/store';

/** A PostgreSQL behind a unix socket, as DATABASE_URL names it. */
export function databaseUrlOf({ user = '', host = '', database = '' }: PostgresOptions): string {
  return `postgres://${user}@localhost/${database}?host=${encodeURIComponent(host)}`;
}
