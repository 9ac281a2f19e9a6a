import { cutText } from '../cut-text.ts';

/** Characters that are not seen, or that turn the ones around them: line ends, bidi controls, zero widths, tags. */
const UNSEEN =
  /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const NAME_CHARS_MAX = 200;

/**
 * A name, an address or a role on one line, as it is and not as it wants to look: a file named to end in `fdp.exe` shows
 * the character that would turn it to `exe.pdf`.
 */
export function plainName(name: string, charsMax = NAME_CHARS_MAX): string {
  const short = name.length > charsMax ? `${cutText(name, charsMax)}…` : name;
  return short
    .toWellFormed()
    .replace(/\s+/g, ' ')
    .replace(UNSEEN, (one) => `[U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`)
    .trim();
}
