import type { Trace } from '@app/contract';

/** Matches a placeholder, or a caller's own key that was given one more `$` so that it does not look like one. */
const placeholderOrEscaped = /\{"\$content":"([\w-]{43}(?:\.[\w-]{43})*)"\}|(?<!\\)"\$(\$+content)"(?=\s*:)/g;

/**
 * A request or reply as it was, from its JSON text with placeholders as tracing's ports describe them and the stored
 * contents by digest. A piece that is stored no more leaves its placeholder. `null` when nothing was captured.
 */
export function resolveContents(text: string, contents: ReadonlyMap<string, string>): Trace['request'] {
  if (text === '') return null;
  const whole = text.replace(placeholderOrEscaped, (match: string, digests?: string, key?: string) => {
    if (digests === undefined) return `"${key}"`;
    const pieces = digests.split('.').map((digest) => contents.get(digest));
    return pieces.some((piece) => piece === undefined) ? match : pieces.join('');
  });
  return JSON.parse(whole) as Trace['request'];
}
