/** JSON as it comes from a trace: whoever called chose it, and nothing about its shape is certain. */
export type Unknown = unknown;
export type Fields = Record<string, Unknown>;

export const isObject = (value: Unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON with line breaks; empty for what JSON cannot say. */
export function pretty(value: Unknown): string {
  try {
    return JSON.stringify(value, null, 2) ?? '';
  } catch {
    // Nested deeper than the browser's stack.
    return '(nested too deeply to be shown)';
  }
}

/** JSON text with line breaks; a text that is no JSON as it is. */
export function prettyText(json: Unknown): string {
  if (typeof json !== 'string') return pretty(json);
  const value = parsed(json);
  return value === undefined ? json : pretty(value);
}

/** The object or list that a text holds as JSON, else undefined. */
export function parsed(json: string): Unknown {
  try {
    const value: Unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Anything as text: a string as it is, nothing as nothing, the rest as JSON. */
export const textOf = (value: Unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : pretty(value);

/** A string that says something, else undefined. */
export const stringOf = (value: Unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** A list as it is, a lone object as a list of one (Google takes it so), nothing as an empty list. */
export function listOf(value: Unknown): readonly Unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? [value] : [];
}

/** A field by its name in camel case, or as the same name in snake case: Google takes both. */
export function fieldOf(fields: Fields, name: string): Unknown {
  return fields[name] ?? fields[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}
