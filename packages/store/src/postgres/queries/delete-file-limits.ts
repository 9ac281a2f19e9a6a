import { installationQuery } from '../query.ts';

/** Ends limits that the configuration file does not name any more. */
export const deleteFileLimits = installationQuery({
  sql: `update limits set deleted_at = $2 where id = any($1) and source = 'file' and deleted_at is null`,
  values: (input: { ids: readonly string[]; deletedAtMs: number }) => [
    input.ids,
    new Date(input.deletedAtMs),
  ],
  read: () => undefined,
});
