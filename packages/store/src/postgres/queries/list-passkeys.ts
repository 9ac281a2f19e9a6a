import { type PasskeyRow, passkeyColumns, readPasskey, type StoredPasskey } from '../passkey-row.ts';
import { userQuery } from '../query.ts';

/** The keys of one person's devices, oldest first. */
export const listPasskeys = userQuery({
  sql: `select ${passkeyColumns} from passkeys where user_id = $1 order by created_at, id limit 100`,
  values: () => [],
  read: (rows: PasskeyRow[]): StoredPasskey[] => rows.map(readPasskey),
});
