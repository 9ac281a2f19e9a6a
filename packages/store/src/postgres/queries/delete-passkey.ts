import { type PasskeyRow, passkeyColumns, readPasskey, type StoredPasskey } from '../passkey-row.ts';
import { userQuery } from '../query.ts';

export const deletePasskey = userQuery({
  sql: `delete from passkeys where user_id = $1 and id = $2 returning ${passkeyColumns}`,
  values: (input: { id: string }) => [input.id],
  read: ([row]: PasskeyRow[]): StoredPasskey | undefined =>
    row === undefined ? undefined : readPasskey(row),
});
