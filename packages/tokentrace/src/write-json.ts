/** Texts shorter than this are looked through at once. */
const SHORT_CHARS = 64;
/** Sixteen signs at most in one pattern: of so few the engine passes over a text many characters at once. */
const LOW = new RegExp(range(0, 15));
const HIGH = new RegExp(range(16, 31));

/**
 * What `JSON.stringify` makes of a value that JSON can say; undefined where it says nothing. Long texts that need no
 * escape are most of a span: they are put between quotes as they are, without being read character by character.
 */
export function writeJson(value: unknown): string | undefined {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if ('toJSON' in value) return JSON.stringify(value);
  if (Array.isArray(value)) return writeList(value);
  const kind: unknown = Object.getPrototypeOf(value);
  return kind === Object.prototype || kind === null ? writeObject(value) : JSON.stringify(value);
}

function writeList(list: readonly unknown[]): string {
  let text = '[';
  for (let at = 0; at < list.length; at += 1) text += (at === 0 ? '' : ',') + (writeJson(list[at]) ?? 'null');
  return `${text}]`;
}

/** A pair for each field would cost more than all the rest: of a span most fields are absent. */
function writeObject(object: object): string {
  let text = '{';
  let joint = '';
  for (const name of Object.keys(object)) {
    const field: unknown = Reflect.get(object, name);
    const written = field === undefined ? undefined : writeJson(field);
    if (written === undefined) continue;
    text += `${joint + quote(name)}:${written}`;
    joint = ',';
  }
  return `${text}}`;
}

function quote(text: string): string {
  return needsEscape(text) ? JSON.stringify(text) : `"${text}"`;
}

function needsEscape(text: string): boolean {
  if (text.length < SHORT_CHARS) return mayNeedEscape(text);
  return (
    text.includes('"') || text.includes('\\') || LOW.test(text) || HIGH.test(text) || !text.isWellFormed()
  );
}

function mayNeedEscape(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 32 || code === 34 || code === 92 || (code >= 0xd800 && code <= 0xdfff)) return true;
  }
  return false;
}

function range(first: number, last: number): string {
  return `[${String.fromCharCode(first)}-${String.fromCharCode(last)}]`;
}
