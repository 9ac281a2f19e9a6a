import { createHmac } from 'node:crypto';
import { createRedactor, type Redactor } from '@app/redact';
import type { Batch } from '@app/tracing';
import { redactBatch } from './redact-batch.ts';

/** So many projects have their redactor at hand; what is forgotten is made anew, the same. */
const PROJECTS_MAX = 1_000;
/** Hexadecimal digits of a name: enough to tell the users of one project apart. */
const NAME_DIGITS = 12;

/**
 * Takes private values out of batches. A user or a session that is one gets a name that is the same each time in one
 * project and another one in another, so that nobody learns from it who is in both. `nameKey` makes those names.
 */
export function createRedactSpans(nameKey: Buffer): (batch: Batch, projectId: string) => Batch {
  const content = createRedactor();
  const byProject = new Map<string, Redactor>();
  const namesOf = (projectId: string): Redactor => {
    const known = byProject.get(projectId);
    if (known !== undefined) return known;
    if (byProject.size >= PROJECTS_MAX) byProject.clear();
    const names = createRedactor({ pseudonym: (type, value) => nameOf(nameKey, [projectId, type, value]) });
    byProject.set(projectId, names);
    return names;
  };
  return (batch, projectId) => redactBatch(batch, { content, names: namesOf(projectId) });
}

function nameOf(key: Buffer, about: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(about)).digest('hex').slice(0, NAME_DIGITS);
}
