import {
  type CredentialRow,
  credentialColumns,
  readCredential,
  type StoredCredential,
} from '../credential-row.ts';
import { installationQuery } from '../query.ts';

/** A key as servers follow it. One that changed or was deleted comes again with a higher sequence. */
export type CredentialChange = StoredCredential & { sequence: number; isDeleted: boolean };

type Row = CredentialRow & { sequence: string; is_deleted: boolean };

/** Keys that changed after `since`, in the order of their changes; ask again from the last one's sequence. */
export const listCredentialChanges = installationQuery({
  sql: `select ${credentialColumns}, sequence, deleted_at is not null as is_deleted from provider_credentials
    where sequence > $1 order by sequence limit $2`,
  values: (input: { since: number; limit: number }) => [input.since, input.limit],
  read: (rows: Row[]): CredentialChange[] =>
    rows.map((row) => ({
      ...readCredential(row),
      sequence: Number(row.sequence),
      isDeleted: row.is_deleted,
    })),
});
