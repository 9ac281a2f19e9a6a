import { projectQuery } from '../query.ts';

/** What the project keeps of its calls from now on. Its keys are renumbered, so that every server hears of it. */
export const updateProjectCapture = projectQuery({
  sql: 'update projects set capture = $2 where id = $1 returning id',
  values: (project: { capture: 'full' | 'redacted' | 'metadata' }) => [project.capture],
  read: (rows) => rows.length === 1,
});
