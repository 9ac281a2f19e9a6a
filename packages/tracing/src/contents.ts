import { isJson } from './is-json.ts';
import { listElements, listMembers, type Stretch, skipSpace } from './json-scan.ts';

/** Names a content within a project: 43 characters of base64url. */
export type DigestOf = (content: string) => string;

export type ExtractedContents = {
  /** The JSON text with each heavy piece replaced by `{"$content":"<digest>"}`. */
  text: string;
  /** What was taken out, in order; one entry for each time it occurs. */
  contents: { digest: string; content: string }[];
  /** False when the text was not JSON and is kept as a string. */
  isJson: boolean;
};

/** Fields of a request or a reply that carry what was said: most of its bytes, and the same again in the next call. */
const HEAVY = new Set([
  'messages',
  'system',
  'tools',
  'prompt',
  'input',
  'parts',
  'instructions',
  'contents',
  'systemInstruction',
  'system_instruction',
  'documents',
]);

/** With more elements than this, a list is one piece. */
const ELEMENTS_MAX = 10_000;

/** A longer piece is cut and its placeholder names all cuts, `<digest>.<digest>`, so that no row grows without bound. */
const CONTENT_CHARS_MAX = 2 ** 21;

/** What is left of a text may not be longer; else the whole text is one piece. */
const SKELETON_CHARS_MAX = 2 ** 20;

const PLACEHOLDER_OR_ESCAPED =
  /\{"\$content":"([\w-]{43}(?:\.[\w-]{43})*)"\}|(?<!\\)"\$(\$+content)"(?=\s*:)/g;
const CONTENT_KEY = /(?<!\\)"(\$+content)"(?=\s*:)/g;

/**
 * Takes the heavy pieces out of a request's or a reply's JSON text. `resolveContents` puts them back, to the letter.
 * A key of the caller's own that looks like ours gets one more `$`. Text that is not JSON becomes one piece, as a JSON string.
 */
export function extractContents(text: string, digestOf: DigestOf): ExtractedContents {
  const isValid = isJson(text);
  const json = isValid ? text : JSON.stringify(text);
  const contents: ExtractedContents['contents'] = [];
  const take = ({ start, end }: Stretch): string => {
    const digests = cut(json.slice(start, end)).map((content) => {
      const digest = digestOf(content);
      contents.push({ digest, content });
      return digest;
    });
    return `{"$content":"${digests.join('.')}"}`;
  };
  const whole = { start: 0, end: json.length };
  const pieces = findHeavyPieces(json);
  const heavy = pieces.reduce((sum, piece) => sum + piece.end - piece.start, 0);
  if (!isValid || json.length - heavy > SKELETON_CHARS_MAX)
    return { text: take(whole), contents, isJson: isValid };
  let skeleton = '';
  let at = 0;
  for (const piece of pieces) {
    skeleton += escapeKeys(json.slice(at, piece.start)) + take(piece);
    at = piece.end;
  }
  return { text: skeleton + escapeKeys(json.slice(at)), contents, isJson: true };
}

/**
 * Puts contents back into a text from `extractContents`. Where `lookup` knows a digest no more (the content was deleted),
 * the placeholder stays.
 */
export function resolveContents(text: string, lookup: (digest: string) => string | undefined): string {
  return text.replace(PLACEHOLDER_OR_ESCAPED, (match: string, digests?: string, key?: string) => {
    if (digests === undefined) return `"${key}"`;
    const contents = digests.split('.').map(lookup);
    return contents.some((content) => content === undefined) ? match : contents.join('');
  });
}

/** Each element of a heavy list, or a heavy value whole. A list of numbers (tokens, say) is one piece. */
function findHeavyPieces(text: string): Stretch[] {
  const pieces: Stretch[] = [];
  for (const member of listMembers(text, skipSpace(text, 0))) {
    if (!HEAVY.has(member.key)) continue;
    if (text[member.start] === '[') pieces.push(...piecesOfList(text, member));
    else if (isLarge(text, member)) pieces.push(member);
  }
  return pieces;
}

function piecesOfList(text: string, list: Stretch): Stretch[] {
  const elements: Stretch[] = [];
  for (const element of listElements(text, list.start)) {
    if (elements.length === ELEMENTS_MAX || !isLarge(text, element)) return [list];
    elements.push(element);
  }
  return elements;
}

/** A string, list or object may be; a number, `true` or `null` never is. */
function isLarge(text: string, { start }: Stretch): boolean {
  return '"{['.includes(text.charAt(start));
}

function escapeKeys(text: string): string {
  return text.replace(CONTENT_KEY, (_, key: string) => `"$${key}"`);
}

/** Cuts between code points, never within one. */
function cut(piece: string): string[] {
  const cuts: string[] = [];
  let at = 0;
  while (piece.length - at > CONTENT_CHARS_MAX) {
    const last = piece.charCodeAt(at + CONTENT_CHARS_MAX - 1);
    const end = at + CONTENT_CHARS_MAX - (last >= 0xd800 && last <= 0xdbff ? 1 : 0);
    cuts.push(piece.slice(at, end));
    at = end;
  }
  cuts.push(piece.slice(at));
  return cuts;
}
