import { type PasskeyRow, passkeyColumns, readPasskey, type StoredPasskey } from '../passkey-row.ts';
import { installationQuery } from '../query.ts';

/** By the name that its device gives it, before anybody is known. */
export const findPasskey = installationQuery({
  sql: `select ${passkeyColumns} from passkeys where credential_id = $1`,
  values: (input: { credentialId: string }) => [input.credentialId],
  read: ([row]: PasskeyRow[]): StoredPasskey | undefined =>
    row === undefined ? undefined : readPasskey(row),
});
