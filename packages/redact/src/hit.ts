/**
 * A value that was recognised, in places of the scanned text, end exclusive. With `labelAt` a word there says that it
 * is something else (`version 1.2.3.4`): it counts only when that word is part of another value.
 */
export type Hit = { type: string; start: number; end: number; labelAt?: number };

/**
 * Looks at a place where a value of its kind is announced; the value may begin before that place. `isOpen` says that
 * the text ended before the value did.
 */
export type Detector = (text: string, at: number) => (Hit & { isOpen?: boolean }) | undefined;

export function isDigitCode(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Letters of alphabets that put spaces between words: a number that follows a Chinese character is no part of it. */
export function isLetterCode(code: number): boolean {
  if (code < 128) return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return (
    code === 0xe000 || code === 0xe001 || (code >= 0xc0 && code < 0x530 && code !== 0xd7 && code !== 0xf7)
  );
}

/** Letters, digits, the underscore and the masks: what makes a neighbour part of the same word. */
export function isWordCode(code: number): boolean {
  return isLetterCode(code) || isDigitCode(code) || code === 95;
}

export function isWordAt(text: string, at: number): boolean {
  return isWordCode(text.charCodeAt(at));
}

/** Where the letters and digits of ASCII end that go on at a place. */
export function endOfWord(text: string, from: number): number {
  let end = from;
  while (isPlainCode(text.charCodeAt(end))) end += 1;
  return end;
}

function isPlainCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}
