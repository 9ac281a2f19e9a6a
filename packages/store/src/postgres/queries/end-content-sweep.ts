import { projectQuery } from '../query.ts';

/** A project was looked through. What was asked for meanwhile stays asked for. */
export const endContentSweep = projectQuery({
  sql: 'delete from content_sweeps where project_id = $1 and asked_at <= $2::timestamptz',
  values: ({ askedAt }: { askedAt: string }) => [askedAt],
  read: () => undefined,
});
