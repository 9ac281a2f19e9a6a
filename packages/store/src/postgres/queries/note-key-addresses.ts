import { installationQuery } from '../query.ts';

export type KeyAddress = { keyId: string; range: string; ip: string; atMs: number };

export type NoteKeyAddresses = {
  addresses: readonly KeyAddress[];
  /** For so long after its first use, a new range of a key is no news. */
  learningMs: number;
};

/**
 * Keeps from where keys were used, each range once, and writes down as news what a key that is past its first days was
 * never used from. Run alone, so that news are committed in the order of their numbers.
 */
export const noteKeyAddresses = installationQuery({
  sql: `with used as (
      select distinct on (key_id, range) * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
        as u (key_id, range, ip, at) order by key_id, range, at
    ), known as (
      select key_id, min(first_at) as since from key_addresses where key_id in (select key_id from used) group by 1
    ), noted as (
      insert into key_addresses (key_id, range, first_at, last_at)
      select u.key_id, u.range, u.at, u.at from used u join api_keys k on k.id = u.key_id
      on conflict (key_id, range) do update set last_at = greatest(key_addresses.last_at, excluded.last_at)
      returning key_id, range, (xmax = 0) as is_new
    )
    insert into key_address_news (organization_id, project_id, key_id, key_name, range, ip, at)
    select k.organization_id, k.project_id, k.id, k.name, u.range, u.ip, u.at
    from noted n join used u on u.key_id = n.key_id and u.range = n.range
      join known on known.key_id = n.key_id and known.since < u.at - $5 * interval '1 millisecond'
      join api_keys k on k.id = n.key_id
    where n.is_new
    order by u.at`,
  values: ({ addresses, learningMs }: NoteKeyAddresses) => [
    addresses.map((each) => each.keyId),
    addresses.map((each) => each.range),
    addresses.map((each) => each.ip),
    addresses.map((each) => new Date(each.atMs)),
    learningMs,
  ],
  read: () => undefined,
});
