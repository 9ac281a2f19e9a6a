import { type KeyRow, keyColumns, readKey } from '../key-row.ts';
import { installationQuery } from '../query.ts';

/** A key of any project by the digest of its secret, with its project's slug: who holds a key wants to know whose it is. */
export const findKeyByDigest = installationQuery({
  sql: `select ${keyColumns}, (select slug from projects where id = k.project_id) as project
    from api_keys k where digest = $1`,
  values: (input: { digest: string }) => [input.digest],
  read: ([row]: (KeyRow & { project: string })[]) =>
    row === undefined ? undefined : { key: readKey(row), project: row.project },
});
