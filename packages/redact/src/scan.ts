import { findNamed, leftOf } from './find-named.ts';
import { findStrong } from './find-strong.ts';
import type { Hit } from './hit.ts';
import type { CustomPattern } from './redactor.ts';
import { settleOverlaps } from './settle-overlaps.ts';
import { isInvisible, maskOf, type Place, placeOf, viewText } from './text-view.ts';

/**
 * What came before a text, as the two passes see it: as it was, and with masks for what was taken out. `isInBlob`
 * says that the text goes on in the middle of base64.
 */
export type Carry = { raw: string; masked: string; isInBlob: boolean };

export type ScanOptions = { wanted: ReadonlySet<string> | undefined; patterns: readonly CustomPattern[] };

/** A value, its place in the text that was handed in, and how it reads without tricks. */
export type Value = Hit & { value: string };

/** `safe` is a place before which nothing changes, whatever follows; `carry` goes with the text from there on. */
export type Scanned = { values: Value[]; safe: number; carry: () => Carry };

type Whole = { text: string; from: number; carry: Carry; hits: Hit[] };

const RAW_LEFT_CHARS = 400;
const STRONG_AHEAD = 540;
const NAMED_AHEAD = 100;
/** Of longer runs of invisible characters most are seen as spaces, and those may be divided. */
const INVISIBLE_STEPS = 24;

/** All values of a text that `carry` came before. */
export function scan(raw: string, carry: Carry, { wanted, patterns }: ScanOptions): Scanned {
  const view = viewText(raw);
  const from = carry.raw.length;
  // Joined in this way it is one flat text, which is read twice as fast as one that `+` makes.
  const text = from === 0 ? view.text : [carry.raw, view.text].join('');
  const strong = findStrong(text, from, carry.isInBlob);
  for (const pattern of patterns) addMatches(strong.hits, view.text, { pattern, from });
  const wantedOf = (hits: Hit[]): Hit[] =>
    wanted === undefined ? hits : hits.filter(({ type }) => wanted.has(type));
  const kept = strong.hits.length === 0 ? [] : settleLabelled(wantedOf(strong.hits), from);
  const whole: Whole = { text, from, carry, hits: kept };
  const named = !strong.hasNumbers ? [] : wantedOf(findNamedHits(whole));
  if (named.length > 0) whole.hits = settleOverlaps([...kept, ...named], from);
  const ahead = Math.max(STRONG_AHEAD, ...patterns.map(({ charsMax }) => charsMax)) + NAMED_AHEAD;
  const rawAt = (at: number): number => placeOf(view.places, at - from);
  let safe = Math.max(from, safeOf(whole, Math.min(text.length - ahead, strong.openFrom - NAMED_AHEAD)));
  for (let steps = 0; steps < INVISIBLE_STEPS && safe > from && isInvisible(raw, rawAt(safe)); steps += 1)
    safe -= 1;
  return {
    values: whole.hits.map(({ type, start, end }) => ({
      type,
      start: rawAt(start),
      end: rawAt(end),
      value: text.slice(start, end),
    })),
    safe: rawAt(safe),
    carry: () => ({
      ...leftAt(whole, safe),
      isInBlob: strong.blobs.some(({ start, end }) => start < safe && safe < end),
    }),
  };
}

/** A label that is part of a value says nothing of the number after it. */
function settleLabelled(hits: readonly Hit[], from: number): Hit[] {
  const firm = hits.filter(({ labelAt }) => labelAt === undefined);
  if (firm.length === hits.length) return settleOverlaps(hits, from);
  const settled = settleOverlaps(firm, from);
  const freed = hits.filter(
    ({ labelAt }) =>
      labelAt !== undefined && settled.some(({ start, end }) => start <= labelAt && labelAt < end),
  );
  return freed.length === 0 ? settled : settleOverlaps([...firm, ...freed], from);
}

/** What the words around it make a value, looked for where nothing was found yet. */
function findNamedHits(whole: Whole): Hit[] {
  const left = whole.carry.masked;
  const { masked, places } = maskHits(whole, whole.text.length);
  const hits = findNamed([left, masked].join(''), left.length);
  return hits.map(({ type, start, end }) => {
    const first = placeOf(places, start - left.length);
    return { type, start: first, end: first + end - start };
  });
}

/** The text from `from` to `upTo` with one mask for each value, and where in the text each stretch of it is. */
function maskHits({ text, from, hits }: Whole, upTo: number): { masked: string; places: Place[] } {
  const parts: string[] = [];
  let chars = 0;
  let done = from;
  const places = [{ at: 0, in: from }];
  for (const { type, start, end } of hits) {
    if (end > upTo) break;
    parts.push(text.slice(done, start), maskOf(type));
    chars += start - done + 1;
    done = end;
    places.push({ at: chars, in: end });
  }
  parts.push(text.slice(done, upTo));
  return { masked: parts.join(''), places };
}

function leftAt(whole: Whole, safe: number): Pick<Carry, 'raw' | 'masked'> {
  const { masked } = maskHits(whole, safe);
  return {
    raw: whole.text.slice(Math.max(0, safe - RAW_LEFT_CHARS), safe),
    masked: leftOf(whole.carry.masked + masked),
  };
}

/** Never in the middle of a value or of a character of two units. */
function safeOf({ text, hits }: Whole, wished: number): number {
  const crossed = hits.find(({ start, end }) => start < wished && wished < end);
  const safe = crossed?.start ?? wished;
  const code = text.charCodeAt(safe);
  return code >= 0xdc00 && code <= 0xdfff ? safe - 1 : safe;
}

/** What an operator's pattern matches; after a match that is too long it goes on where that was cut. */
function addMatches(
  hits: Hit[],
  text: string,
  { pattern, from }: { pattern: CustomPattern; from: number },
): void {
  for (let base = 0; base < text.length; ) {
    const begin = base;
    base = text.length;
    for (const { start, end } of pattern.find(begin === 0 ? text : text.slice(begin))) {
      const cut = Math.min(end, start + pattern.charsMax);
      if (cut > start)
        hits.push({ type: pattern.type, start: from + begin + start, end: from + begin + cut });
      if (cut < end) {
        base = begin + cut;
        break;
      }
    }
  }
}
