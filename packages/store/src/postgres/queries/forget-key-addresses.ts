import { installationQuery } from '../query.ts';

/** Keeps of these keys the ranges that were used last, so many of each; the oldest stays, because it tells since when. */
export const forgetKeyAddresses = installationQuery({
  sql: `delete from key_addresses a using (
      select key_id, range, row_number() over (partition by key_id order by last_at desc, range) as place,
        row_number() over (partition by key_id order by first_at, range) as age
      from key_addresses where key_id = any($1::text[])
    ) o where a.key_id = o.key_id and a.range = o.range and o.place > $2 and o.age > 1`,
  values: ({ keyIds, keptMax }: { keyIds: readonly string[]; keptMax: number }) => [keyIds, keptMax],
  read: () => undefined,
});
