import { createHmac } from 'node:crypto';
import { createRedactor, type Redactor } from '@app/redact';

/** What takes private values out of the calls and the spans of one project. */
export type ProjectRedactors = {
  /** Numbers what it takes out. */
  content: Redactor;
  /** Gives the same value the same name wherever it is, so that a user who is an address is still one user. */
  names: Redactor;
};

/** So many projects have their redactor at hand; what is forgotten is made anew, the same. */
const PROJECTS_MAX = 1_000;
/** Hexadecimal digits of a name: enough to tell the users of one project apart. */
const NAME_DIGITS = 12;

/**
 * The redactors of a project. A name is the same each time in one project and another one in another, so that nobody learns from
 * it who is in both; it is the same for a call of the gateway and for a span that was received. `nameKey` makes names.
 */
export function createProjectRedactors(nameKey: Buffer): (projectId: string) => ProjectRedactors {
  const content = createRedactor();
  const byProject = new Map<string, ProjectRedactors>();
  return (projectId) => {
    const known = byProject.get(projectId);
    if (known !== undefined) return known;
    if (byProject.size >= PROJECTS_MAX) byProject.clear();
    const names = createRedactor({ pseudonym: (type, value) => nameOf(nameKey, [projectId, type, value]) });
    const redactors = { content, names };
    byProject.set(projectId, redactors);
    return redactors;
  };
}

function nameOf(key: Buffer, about: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(about)).digest('hex').slice(0, NAME_DIGITS);
}
