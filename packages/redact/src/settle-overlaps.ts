import type { Hit } from './hit.ts';

const MERGED_CHARS_MAX = 40_000;
/** Of two kinds of the same stretch, the one that says more comes first. */
const ORDER = [
  'PRIVATE_KEY',
  'JWT',
  'API_KEY',
  'PASSWORD',
  'EMAIL',
  'IBAN',
  'CARD',
  'SSN',
  'NATIONAL_ID',
  'IP',
  'PHONE',
  'SECRET',
];

/** In order and without overlaps: what overlaps becomes one value, of the type of its longest part. */
export function settleOverlaps(hits: readonly Hit[], from: number): Hit[] {
  const sorted = isInOrder(hits) ? hits : hits.toSorted(inOrder);
  const settled: Hit[] = [];
  let longest = 0;
  for (const hit of sorted) {
    const last = settled.at(-1);
    const floor = last?.end ?? from;
    if (last !== undefined && hit.start < floor && hit.end - last.start <= MERGED_CHARS_MAX) {
      const chars = hit.end - hit.start;
      if (chars > longest) last.type = hit.type;
      longest = Math.max(longest, chars);
      last.end = Math.max(last.end, hit.end);
    } else if (hit.end > floor) {
      settled.push({ type: hit.type, start: Math.max(hit.start, floor), end: hit.end });
      longest = hit.end - hit.start;
    }
  }
  return settled;
}

function inOrder(a: Hit, b: Hit): number {
  return a.start - b.start || b.end - a.end || rank(a) - rank(b);
}

/** As they are found, most are. */
function isInOrder(hits: readonly Hit[]): boolean {
  return hits.every((hit, at) => {
    const last = hits[at - 1];
    return last === undefined || last.start < hit.start || inOrder(last, hit) <= 0;
  });
}

function rank({ type }: Hit): number {
  return ORDER.indexOf(type);
}
