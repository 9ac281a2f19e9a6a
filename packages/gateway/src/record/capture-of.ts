import type { Asked } from '../asked.ts';
import type { CallRecord, Capture } from '../ports.ts';

/** From the most to the least. */
const CAPTURES: readonly Capture[] = ['full', 'redacted', 'metadata'];

/** What a request wishes may be less than what its project keeps, never more; an unknown wish is one for the least. */
export function tightestCapture(project: Capture, wish: string | undefined): Capture {
  if (wish === undefined || wish === '') return project;
  const wished = CAPTURES.find((capture) => capture === wish) ?? 'metadata';
  return CAPTURES.indexOf(wished) > CAPTURES.indexOf(project) ? wished : project;
}

type Wish = Pick<Asked, 'principal' | 'capture'>;

/** Whether the record of a call has what was asked and answered; private values are taken out later, off the path of the reply. */
export function isCaptured({ principal, capture }: Wish): boolean {
  return tightestCapture(principal.capture, capture) !== 'metadata';
}

/** Who asks to keep less shall not have an address kept that is taken out of all other calls of the project. */
export function redactedIfAsked({ principal, capture }: Wish): Pick<CallRecord, 'mustRedact'> {
  const isRedacted =
    principal.capture === 'redacted' || tightestCapture(principal.capture, capture) === 'redacted';
  return isRedacted ? { mustRedact: true } : {};
}
