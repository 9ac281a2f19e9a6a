import { type Hit, isWordAt } from './hit.ts';
import { labelBefore } from './label-before.ts';

const DASHED = /^(?!000|666)\d{3}-(?!00)\d{2}-(?!0000)\d{4}/;
const LABELS = new Set(
  'part order item model sku serial ticket case ref batch lot invoice version'.split(' '),
);

/** A social security number, or an ITIN, of the United States, in its written form, that begins at the digit at `at`. */
export function findSsn(text: string, at: number): Hit | undefined {
  if (text.charCodeAt(at + 3) !== 45 || !DASHED.test(text.slice(at, at + 11))) return undefined;
  const end = at + 11;
  if (isWordAt(text, end) || (/[-.]/.test(text.charAt(end)) && isWordAt(text, end + 1))) return undefined;
  if (text.charCodeAt(at) === 57 && !/[5-9]/.test(text.charAt(at + 4))) return undefined;
  if (text.charAt(at - 1) === '/') return undefined;
  const label = labelBefore(text, at);
  return { type: 'SSN', start: at, end, ...(LABELS.has(label.last) ? { labelAt: label.at } : {}) };
}
