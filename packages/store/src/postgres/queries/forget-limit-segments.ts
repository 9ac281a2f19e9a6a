import { installationQuery } from '../query.ts';

/** Forgets segments whose files are gone: nothing can apply them again. Those of lost disks go by age. */
export const forgetLimitSegments = installationQuery({
  sql: 'delete from limit_journals where segment = any($1) or applied_at < $2',
  values: (gone: { segments: readonly string[]; appliedBeforeMs: number }) => [
    gone.segments,
    new Date(gone.appliedBeforeMs),
  ],
  read: () => undefined,
});
