import type { Json, JsonObject } from './json.ts';

/** Gathers the paths of nested fields that the call has no name for. */
export type Unread = {
  /** Notes the fields of `object` that are not in `known`, under `at`, for example `messages[].content[]`. */
  note(object: JsonObject, known: ReadonlySet<string>, at: string): void;
  paths(): string[];
};

const PATHS_MAX = 100;

/** Paths carry no indexes, so that a thousand messages with one odd field are one path. */
export function createUnread(): Unread {
  const paths = new Set<string>();
  return {
    note(object, known, at) {
      for (const key in object) {
        if (known.has(key) || object[key] === null || paths.size >= PATHS_MAX) continue;
        paths.add(`${at}.${key}`);
      }
    },
    paths: () => [...paths],
  };
}

/** The top-level fields without a name in the call. A field named `__proto__` would be no field but a prototype. */
export function extraFields(body: JsonObject, known: ReadonlySet<string>): JsonObject {
  const fields: { [key: string]: Json | undefined } = {};
  for (const key in body) {
    if (!known.has(key) && key !== '__proto__') fields[key] = body[key];
  }
  return fields;
}
