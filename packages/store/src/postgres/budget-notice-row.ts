export type NoticeKind =
  | 'warned'
  | 'exhausted'
  | 'asked'
  | 'granted'
  | 'declined'
  | 'routed'
  | 'exceeded_shadow';

/** Something that a budget did. Amounts in nano-dollars. */
export type StoredNotice = {
  id: string;
  organizationId: string;
  projectId: string | undefined;
  budgetId: string;
  subject: string;
  periodStartMs: number;
  kind: NoticeKind;
  percent: number | undefined;
  spent: number;
  available: number;
  /** Who was to be told. */
  told: string[];
  createdAtMs: number;
  /** What the owner said to `asked`. */
  answer:
    | { kind: 'granted' | 'declined'; atMs: number; by: string | undefined; reason: string | undefined }
    | undefined;
};

export const noticeColumns = `id, organization_id, project_id, budget_id, subject, period_start, kind, percent, spent,
  available, told, created_at, answer, answered_at, answered_by, reason`;

export type NoticeRow = {
  id: string;
  organization_id: string;
  project_id: string | null;
  budget_id: string;
  subject: string;
  period_start: Date;
  kind: NoticeKind;
  percent: number | null;
  spent: string;
  available: string;
  told: string[];
  created_at: Date;
  answer: 'granted' | 'declined' | null;
  answered_at: Date | null;
  answered_by: string | null;
  reason: string | null;
};

export function readNotice(row: NoticeRow): StoredNotice {
  return {
    id: row.id,
    organizationId: row.organization_id,
    projectId: row.project_id ?? undefined,
    budgetId: row.budget_id,
    subject: row.subject,
    periodStartMs: row.period_start.getTime(),
    kind: row.kind,
    percent: row.percent ?? undefined,
    spent: Number(row.spent),
    available: Number(row.available),
    told: row.told,
    createdAtMs: row.created_at.getTime(),
    answer:
      row.answer === null || row.answered_at === null
        ? undefined
        : {
            kind: row.answer,
            atMs: row.answered_at.getTime(),
            by: row.answered_by ?? undefined,
            reason: row.reason ?? undefined,
          },
  };
}
