import { hasNoAnchor } from './anchors.ts';
import { type Carry, type ScanOptions, scan, type Value } from './scan.ts';
import { isPlain } from './text-view.ts';

/** Takes text in pieces, gives it back with what `replace` makes of each value; holds back what may yet be one. */
export type ReplacingStream = { push(piece: string): string; end(): string };

export const NOTHING_BEFORE: Carry = { raw: '', masked: '', isInBlob: false };
/** Fewer characters than are held back anyway are not looked at. */
const SCAN_CHARS_MIN = 600;
/** An IPv4 address has seven characters, a telephone number seven digits. */
const VALUE_CHARS_MIN = 7;
/** A long text goes through in stretches, so that its copies stay small. */
export const STRETCH_CHARS = 16_384;

export function openReplacingStream(
  options: ScanOptions,
  replace: (value: Value) => string,
  before: Carry = NOTHING_BEFORE,
): ReplacingStream {
  let carry = before;
  let held = '';
  function take(isEnd: boolean): string {
    const scanned = scan(held, carry, options);
    const upTo = isEnd ? held.length : scanned.safe;
    const passed = replaceValues(held, { values: scanned.values, upTo, replace });
    if (!isEnd && upTo > 0) carry = scanned.carry();
    held = held.slice(upTo);
    return passed;
  }
  return {
    push(piece) {
      let passed = '';
      for (let at = 0; at < piece.length; at += STRETCH_CHARS) {
        held += piece.slice(at, at + STRETCH_CHARS);
        if (held.length > SCAN_CHARS_MIN) passed += take(false);
      }
      return passed;
    },
    end: () => (held === '' ? '' : take(true)),
  };
}

/** A quick look that most texts end with: no value is without one of the signs that announce values. */
function holdsNothing(text: string): boolean {
  return isPlain(text) && hasNoAnchor(text);
}

/** Names and models mostly are: no value has fewer characters, unless a sign in it names or joins one. */
function isTooShort(text: string): boolean {
  return text.length < VALUE_CHARS_MIN && !/[@:=]/.test(text);
}

/** A whole text in one go. The text itself comes back when there is nothing in it. */
export function replaceAll(
  text: string,
  { options, replace, before }: { options: ScanOptions; replace: (value: Value) => string; before: Carry },
): string {
  if (text.length > STRETCH_CHARS) {
    const stream = openReplacingStream(options, replace, before);
    return stream.push(text) + stream.end();
  }
  if (options.patterns.length === 0 && (isTooShort(text) || holdsNothing(text))) return text;
  const { values } = scan(text, before, options);
  return values.length === 0 ? text : replaceValues(text, { values, upTo: text.length, replace });
}

type Replacing = { values: readonly Value[]; upTo: number; replace: (value: Value) => string };

function replaceValues(text: string, { values, upTo, replace }: Replacing): string {
  const parts: string[] = [];
  let done = 0;
  for (const value of values) {
    if (value.end > upTo) break;
    parts.push(text.slice(done, value.start), replace(value));
    done = value.end;
  }
  parts.push(text.slice(done, upTo));
  return parts.join('');
}
