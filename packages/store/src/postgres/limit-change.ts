import { type LimitRow, limitColumns, readLimit, type StoredLimit } from './limit-row.ts';

/** A limit as servers follow it. One that changed or was deleted comes again with a higher sequence. */
export type ChangedLimit = StoredLimit & {
  sequence: number;
  isDeleted: boolean;
  /** What the newest period that has anything beyond `max` has beyond it, by subject. */
  extra: { periodStartMs: number; bySubject: [subject: string, amount: number][] } | undefined;
};

/** Statement of changes: everything but its conditions. */
export const selectLimitChanges = `select ${limitColumns}, l.sequence, l.deleted_at is not null as is_deleted,
    extra.period_start as extra_start, extra.subjects as extra_subjects, extra.amounts as extra_amounts
  from limits l join organizations o on o.id = l.organization_id
  left join lateral (
    select period_start, array_agg(subject) as subjects, array_agg(amount) as amounts from (
      select period_start, subject, sum(amount)::bigint as amount from limit_extras e
      where e.limit_id = l.id and e.period_start = (select max(period_start) from limit_extras where limit_id = l.id)
      group by period_start, subject
    ) by_subject group by period_start
  ) extra on l.deleted_at is null`;

export type LimitChangeRow = LimitRow & {
  sequence: string;
  is_deleted: boolean;
  extra_start: Date | null;
  extra_subjects: string[] | null;
  extra_amounts: string[] | null;
};

export function readLimitChange(row: LimitChangeRow): ChangedLimit {
  const { extra_subjects: subjects, extra_amounts: amounts } = row;
  return {
    ...readLimit(row),
    sequence: Number(row.sequence),
    isDeleted: row.is_deleted,
    extra:
      row.extra_start === null || subjects === null
        ? undefined
        : {
            periodStartMs: row.extra_start.getTime(),
            bySubject: subjects.map((subject, index) => [subject, Number(amounts?.[index] ?? 0)]),
          },
  };
}
