/** The wire takes letters, digits, `_` and `-` in the names and ids of tools, and 64 of them. */
const CHARS_MAX = 64;
const VALID = /^[A-Za-z0-9_-]{1,64}$/;
const FORBIDDEN = /[^A-Za-z0-9_-]/gu;
/** How a character that the wire does not take is spelled. */
const SPELLED = /_x([0-9a-f]{2,6})_/g;
/** What would be taken for a spelled character, so that it is spelled itself. */
const AMBIGUOUS = /_(?=x)/g;

/**
 * A tool's name as the wire takes it, from which `readName` gets the name back. `isWhole` is false for a name that is
 * too long even so: the model then calls the tool by a name that the caller does not know.
 */
export function writeName(name: string): { name: string; isWhole: boolean } {
  if (VALID.test(name) && name.search(SPELLED) === -1) return { name, isWhole: true };
  const spelled = name.replace(AMBIGUOUS, '_x5f_').replace(FORBIDDEN, spell);
  if (spelled.length <= CHARS_MAX) return { name: spelled, isWhole: true };
  return { name: shortened(spelled), isWhole: false };
}

function spell(character: string): string {
  return `_x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}_`;
}

export function readName(name: string): string {
  if (!name.includes('_x')) return name;
  return name.replace(SPELLED, (code, digits: string) => {
    const point = Number.parseInt(digits, 16);
    return point > 0x10ffff ? code : String.fromCodePoint(point);
  });
}

/** A call's id: the same for the call and its result, and nobody's business beyond that. */
export function writeId(id: string): string {
  if (VALID.test(id)) return id;
  return shortened(id.replace(FORBIDDEN, '_'), id);
}

/** What is cut off, or looks alike now, still tells two of them apart. */
function shortened(text: string, from = text): string {
  const mark = hashOf(from);
  return `${text.slice(0, CHARS_MAX - mark.length - 1)}_${mark}`;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
