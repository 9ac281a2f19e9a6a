import { type Hit, isWordAt } from './hit.ts';

const DASHED = /^(?!000|666)\d{3}-(?!00)\d{2}-(?!0000)\d{4}/;
const LABEL_BEFORE =
  /(?:part|order|item|model|sku|serial|ticket|case|ref|batch|lot|invoice|version)[\s:#.]{0,3}(?:no\.?|number|id|#)?[\s:#]{0,3}$/i;

export const ssnPatterns = { DASHED, LABEL_BEFORE };

/** A social security number, or an ITIN, of the United States, in its written form, that begins at the digit at `at`. */
export function findSsn(text: string, at: number): Hit | undefined {
  if (text.charCodeAt(at + 3) !== 45 || !DASHED.test(text.slice(at, at + 11))) return undefined;
  const end = at + 11;
  if (isWordAt(text, end) || (/[-.]/.test(text.charAt(end)) && isWordAt(text, end + 1))) return undefined;
  if (text.charCodeAt(at) === 57 && !/[5-9]/.test(text.charAt(at + 4))) return undefined;
  if (text.charAt(at - 1) === '/' || LABEL_BEFORE.test(text.slice(Math.max(0, at - 24), at)))
    return undefined;
  return { type: 'SSN', start: at, end };
}
