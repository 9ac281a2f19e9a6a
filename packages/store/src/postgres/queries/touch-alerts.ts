import { installationQuery } from '../query.ts';

export type AlertTouch = {
  id: string;
  revision: number;
  value: number | undefined;
  cursor: number | undefined;
  installationCursor: number | undefined;
};

/** Notes that rules were looked at and nothing changed, many at a time. One that was changed meanwhile is left alone. */
export const touchAlerts = installationQuery({
  sql: `update alerts a set checked_at = $1, value = t.value, cursor = coalesce(t.cursor, a.cursor),
      installation_cursor = coalesce(t.installation_cursor, a.installation_cursor)
    from unnest($2::text[], $3::integer[], $4::double precision[], $5::bigint[], $6::bigint[])
      as t (id, revision, value, cursor, installation_cursor)
    where a.id = t.id and a.revision = t.revision`,
  values: ({ checkedAtMs, touches }: { checkedAtMs: number; touches: readonly AlertTouch[] }) => [
    new Date(checkedAtMs),
    touches.map((each) => each.id),
    touches.map((each) => each.revision),
    touches.map((each) => each.value ?? null),
    touches.map((each) => each.cursor ?? null),
    touches.map((each) => each.installationCursor ?? null),
  ],
  read: () => undefined,
});
