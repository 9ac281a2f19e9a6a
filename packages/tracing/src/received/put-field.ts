import type { Json, JsonObject } from '@app/protocol';

/** Sets a field under a name that a sender chose: `__proto__` is a name like any other. */
export function putField(object: JsonObject, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
