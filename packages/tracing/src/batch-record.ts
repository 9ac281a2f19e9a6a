import type { BatchHead } from './received/received-span.ts';

/** How a batch's head begins in the spool: no call's does. */
const MARK = '"kind":"batch"';

/** The head of a batch that this part of a record is; undefined for a call's. Throws when it is neither. */
export function readBatchHead(part: string): BatchHead | undefined {
  if (!part.includes(MARK)) return undefined;
  const head: BatchHead | { kind?: undefined } = JSON.parse(part);
  return head.kind === 'batch' ? head : undefined;
}
