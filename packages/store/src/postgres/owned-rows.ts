/** Which stored replies and items of conversations are meant, by what the calls said of themselves. */
export type OwnedFilter = {
  user: string | undefined;
  session: string | undefined;
  tag: string | undefined;
  fromMs: number | undefined;
  /** Not included. */
  toMs: number;
  isTestOnly: boolean;
};

/** The condition on a table with the columns of an owner; its first parameter is `$first`. */
export function ownedBy(table: string, createdAt: string, first: number): string {
  const place = (offset: number) => `$${first + offset}`;
  return `(${place(0)}::text is null or ${table}.user_id = ${place(0)})
    and (${place(1)}::text is null or ${table}.session_id = ${place(1)} or ${table}.conversation_id = ${place(1)})
    and (${place(2)}::text is null or ${place(2)} = any(${table}.tags))
    and (${place(3)}::timestamptz is null or ${createdAt} >= ${place(3)})
    and ${createdAt} < ${place(4)}
    and (not ${place(5)}::boolean or ${table}.mode = 'test')`;
}

/** What `ownedBy` binds, in order. */
export function ownedValues(filter: OwnedFilter): unknown[] {
  const { user, session, tag, fromMs, toMs, isTestOnly } = filter;
  return [
    user ?? null,
    session ?? null,
    tag ?? null,
    fromMs === undefined ? null : new Date(fromMs),
    new Date(toMs),
    isTestOnly,
  ];
}
