/** Texts shorter than this are looked through at once. */
const SHORT_CHARS = 64;
const ESCAPED = new RegExp(`["\\\\\\ud800-\\udfff]|${range(0, 31)}`);
/** Sixteen signs at most in one pattern: of so few the engine passes over a text many characters at once. */
const LOW = new RegExp(range(0, 15));
const HIGH = new RegExp(range(16, 31));

/**
 * What `JSON.stringify` makes of a value that JSON can say; undefined where it says nothing. Long texts that need no
 * escape are most of a span: they are put between quotes as they are, without being read character by character.
 */
export function writeJson(value: unknown): string | undefined {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if ('toJSON' in value) return JSON.stringify(value);
  if (Array.isArray(value)) return writeList(value);
  const kind: unknown = Object.getPrototypeOf(value);
  return kind === Object.prototype || kind === null ? writeObject(value) : JSON.stringify(value);
}

function writeList(list: readonly unknown[]): string {
  let text = '';
  for (const item of list) text += `${text === '' ? '' : ','}${writeJson(item) ?? 'null'}`;
  return `[${text}]`;
}

function writeObject(object: object): string {
  let text = '';
  for (const [name, field] of Object.entries(object)) {
    const written = field === undefined ? undefined : writeJson(field);
    if (written !== undefined) text += `${text === '' ? '' : ','}${quote(name)}:${written}`;
  }
  return `{${text}}`;
}

function quote(text: string): string {
  return needsEscape(text) ? JSON.stringify(text) : `"${text}"`;
}

function needsEscape(text: string): boolean {
  if (text.length < SHORT_CHARS) return ESCAPED.test(text);
  return (
    text.includes('"') || text.includes('\\') || LOW.test(text) || HIGH.test(text) || !text.isWellFormed()
  );
}

function range(first: number, last: number): string {
  return `[${String.fromCharCode(first)}-${String.fromCharCode(last)}]`;
}
