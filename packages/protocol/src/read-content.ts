import type { TextPart } from './call.ts';
import { PARTS_MAX } from './call-bounds.ts';
import type { Json, JsonObject } from './json.ts';
import { listAt, missing, objectAt, wrongValue } from './read-field.ts';

/** A message or a part of one with its path in the caller's words. */
export type Entry = { wire: JsonObject; path: string };

/** What `readParts` takes; null is none. */
export function readContent<Part>(
  content: Json | undefined,
  path: string,
  readPart: (entry: Entry) => Part,
): (Part | TextPart)[] {
  if (content === undefined) throw missing(path);
  return content === null ? [] : readParts(content, path, readPart);
}

/** Content is a string or a list of parts. An empty string holds no part. */
export function readParts<Part>(
  content: Json,
  path: string,
  readPart: (entry: Entry) => Part,
): (Part | TextPart)[] {
  if (content === '') return [];
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  if (!Array.isArray(content)) throw wrongValue(path, 'a string or an array');
  return listAt(content, path, PARTS_MAX).map((entry) =>
    readPart({ wire: objectAt(entry.value, entry.path), path: entry.path }),
  );
}
