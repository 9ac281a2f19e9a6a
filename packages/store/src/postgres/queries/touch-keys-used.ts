import { installationQuery } from '../query.ts';

export type KeyUse = { keyId: string; usedAtMs: number; ip: string };

/**
 * Notes when and from where keys were last used, many at a time. An older use never replaces a newer one. It is
 * no key change: nobody is notified. Rows are locked in one order, so that two servers cannot block each other.
 */
export const touchKeysUsed = installationQuery({
  sql: `with used as (
      select distinct on (id) * from unnest($1::text[], $2::timestamptz[], $3::text[]) as u (id, used_at, ip)
      order by id, used_at desc
    ), locked as (
      select k.id from api_keys k join used u on u.id = k.id order by k.id for no key update of k
    )
    update api_keys k set last_used_at = u.used_at, last_used_ip = u.ip
    from used u join locked l on l.id = u.id
    where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.used_at)`,
  values: (uses: readonly KeyUse[]) => [
    uses.map((use) => use.keyId),
    uses.map((use) => new Date(use.usedAtMs)),
    uses.map((use) => use.ip),
  ],
  read: () => undefined,
});
