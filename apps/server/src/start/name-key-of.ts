import { createHmac } from 'node:crypto';
import type { OpenSecrets } from './open-secrets.ts';

/** A key of its own for the names that stand for private values, in calls and in spans alike. */
export function nameKeyOf({ dataKeys }: Pick<OpenSecrets, 'dataKeys'>): Buffer {
  return createHmac('sha256', dataKeys.contents).update('names of private values in spans').digest();
}
