export type Difference = { path: string; before: string | undefined; after: string | undefined };

const DEPTH_MAX = 6;

/** Which fields differ between how something was and how it is, by their path; undefined where a field was not there. */
export function findDifferences(before: unknown, after: unknown): Difference[] {
  const was = flatten(before);
  const is = flatten(after);
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((path) => ({ path, before: was.get(path), after: is.get(path) }))
    .filter((field) => field.before !== field.after);
}

function flatten(value: unknown, path = '', depth = 0): Map<string, string> {
  const isDeep = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isDeep || depth === DEPTH_MAX) {
    return new Map(value === undefined || value === null ? [] : [[path, write(value)]]);
  }
  const fields = Object.entries(value);
  return new Map(
    fields.flatMap(([name, inner]) => [...flatten(inner, path === '' ? name : `${path}.${name}`, depth + 1)]),
  );
}

const write = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
