type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Messages are a few levels deep; what lies deeper is the caller's own data and holds no placeholder of ours. */
const depthMax = 16;

/**
 * Puts stored contents back: `{"$content": "<digest>"}` becomes the content's JSON. Only digests that the row itself
 * lists are in `contents`, so text that merely looks like a placeholder stays. A content is not searched again.
 */
export function resolveContents(text: string, contents: ReadonlyMap<string, string>): Json | null {
  const value = parseJson(text);
  return value === undefined ? null : resolve(value, contents, 0);
}

function resolve(value: Json, contents: ReadonlyMap<string, string>, depth: number): Json {
  if (value === null || typeof value !== 'object' || depth > depthMax) return value;
  if (Array.isArray(value)) return value.map((item) => resolve(item, contents, depth + 1));
  const found = contentOf(value, contents);
  if (found !== undefined) return found;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, resolve(item, contents, depth + 1)]),
  );
}

function contentOf(value: { [name: string]: Json }, contents: ReadonlyMap<string, string>): Json | undefined {
  const digest = value.$content;
  if (typeof digest !== 'string' || Object.keys(value).length !== 1) return undefined;
  const text = contents.get(digest);
  return text === undefined ? undefined : (parseJson(text) ?? text);
}

/** `undefined` for the empty text of a row without content, and for text that is no JSON. */
function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
