import type { Json, JsonObject } from '@app/protocol';
import type { DigestOf, ExtractedContents } from './contents.ts';
import { listElements, type Stretch, skipSpace } from './json-scan.ts';

/** A shorter string is no longer than the digest that would stand for it, or not by much. */
const HEAVY_CHARS_MIN = 128;

/** Of one piece, so that no row grows without bound. */
const PIECE_CHARS_MAX = 2 ** 20;

/** Pieces of one string; what is beyond them is cut no further. */
const PIECES_MAX = 10_000;

type Pieces = ExtractedContents['contents'];

/**
 * Writes a value as JSON text with each heavy string replaced by `{"$content": "<digests>"}`, as `resolveContents` reads
 * it. A string that is a JSON list, or an object that holds lists, is cut between the elements: a conversation that is
 * sent again with one more turn shares all but the last piece with what was sent before. `contents` takes the pieces.
 */
export function writeLight(value: Json, digestOf: DigestOf, contents: Pieces): string {
  if (typeof value === 'string') return writeText(value, digestOf, contents);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => writeLight(each, digestOf, contents)).join(',')}]`;
  return writeFields(value, digestOf, contents);
}

function writeFields(object: JsonObject, digestOf: DigestOf, contents: Pieces): string {
  let text = '';
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    const comma = text === '' ? '' : ',';
    text += `${comma}${JSON.stringify(keyOf(key))}:${writeLight(value, digestOf, contents)}`;
  }
  return `{${text}}`;
}

/** A sender's own key that looks like ours gets one more `$`, as everywhere that contents are taken out. */
function keyOf(key: string): string {
  return key.charCodeAt(0) === 0x24 && /^\$+content$/.test(key) ? `$${key}` : key;
}

function writeText(text: string, digestOf: DigestOf, contents: Pieces): string {
  if (text.length < HEAVY_CHARS_MIN) return JSON.stringify(text.isWellFormed() ? text : text.toWellFormed());
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  const ends = listCuts(whole);
  let digests = '';
  let start = 0;
  ends.forEach((end, place) => {
    const inner = JSON.stringify(whole.slice(start, end)).slice(1, -1);
    const isLast = place === ends.length - 1;
    const content = `${place === 0 ? '"' : ''}${inner}${isLast ? '"' : ''}`;
    const digest = digestOf(content);
    contents.push({ digest, content });
    digests += place === 0 ? digest : `.${digest}`;
    start = end;
  });
  return `{"$content":"${digests}"}`;
}

/** Where each piece ends, the last with the text. Cuts stand before the comma that leads to an element, so that what
 * comes behind an element does not change its piece. */
function listCuts(text: string): number[] {
  const cuts: number[] = [];
  let last = 0;
  for (const at of elementEnds(text)) {
    if (cuts.length >= PIECES_MAX) break;
    if (at - last < HEAVY_CHARS_MIN) continue;
    last = splitLong(text, { start: last, end: at }, cuts);
  }
  if (last < text.length) splitLong(text, { start: last, end: text.length }, cuts);
  return cuts;
}

/** Cuts between code points, never within one. */
function splitLong(text: string, { start, end }: Stretch, cuts: number[]): number {
  let at = start;
  while (end - at > PIECE_CHARS_MAX) {
    const last = text.charCodeAt(at + PIECE_CHARS_MAX - 1);
    at += PIECE_CHARS_MAX - (last >= 0xd800 && last <= 0xdbff ? 1 : 0);
    cuts.push(at);
  }
  cuts.push(end);
  return end;
}

/** The ends of the elements of a list, or of the lists in an object, that a text may be. A text that is no JSON has some too. */
function* elementEnds(text: string): Generator<number, void, undefined> {
  const start = skipSpace(text, 0);
  if (text[start] === '[') yield* endsOf(text, start);
  if (text[start] === '{') yield* endsInObject(text, start);
}

function* endsOf(text: string, at: number): Generator<number, void, undefined> {
  for (const element of listElements(text, at)) {
    // Text that is no JSON may hold the scanner up.
    if (element.end <= element.start) return;
    yield element.end;
  }
}

const LIST_MEMBER = /"(?:messages|input|contents|history|prompt|tools|turns)"\s*:\s*\[/g;

/** Lists of messages wherever they stand: senders wrap them in objects of their own. */
function* endsInObject(text: string, at: number): Generator<number, void, undefined> {
  LIST_MEMBER.lastIndex = at;
  for (let found = LIST_MEMBER.exec(text); found !== null; found = LIST_MEMBER.exec(text)) {
    const list = LIST_MEMBER.lastIndex - 1;
    let end = list;
    yield list;
    for (end of endsOf(text, list)) yield end;
    LIST_MEMBER.lastIndex = Math.max(end, list + 1);
  }
}
