import { isObject, type Json, type JsonObject } from '@app/protocol';

/** What is wrong with a value, to stand behind the name of its field; undefined when nothing is. */
export type FieldCheck = (value: Json | undefined) => string | undefined;

/** The latest time that a date can be written as. */
const AT_MS_MAX = 253_402_300_799_999;

export const isText =
  (min: number, max: number): FieldCheck =>
  (value) =>
    typeof value === 'string' && value.length >= min && value.length <= max
      ? undefined
      : `must be a text of ${min} to ${max} characters`;

export const isNumber =
  (min: number, max = Number.MAX_VALUE): FieldCheck =>
  (value) =>
    typeof value === 'number' && value >= min && value <= max
      ? undefined
      : `must be a number of at least ${min}`;

export const isTime: FieldCheck = (value) =>
  typeof value === 'number' && value >= 0 && value <= AT_MS_MAX
    ? undefined
    : 'must be milliseconds since 1970, with or without a fraction';

export const isWhole =
  (min: number, max = Number.MAX_SAFE_INTEGER): FieldCheck =>
  (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`;

export const isTruth: FieldCheck = (value) =>
  typeof value === 'boolean' ? undefined : 'must be true or false';

export const isAny: FieldCheck = () => undefined;

export const isOneOf = (words: readonly string[]): FieldCheck => {
  const known = new Set<Json | undefined>(words);
  return (value) => (known.has(value) ? undefined : `must be one of ${words.join(', ')}`);
};

export const isMatching =
  (pattern: RegExp, says: string): FieldCheck =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? undefined : says;

export const isListOf =
  (max: number, check: FieldCheck): FieldCheck =>
  (value) => {
    if (!Array.isArray(value)) return 'must be a list';
    if (value.length > max) return `may have ${max} entries`;
    for (const entry of value) {
      const problem = check(entry);
      if (problem !== undefined) return `has an entry that ${problem}`;
    }
    return undefined;
  };

/** An object with any keys, all alike. */
export const isRecordOf =
  (key: FieldCheck, value: FieldCheck): FieldCheck =>
  (object) => {
    if (!isObject(object)) return 'must be an object';
    for (const name of Object.keys(object)) {
      if (key(name) !== undefined) return `has a key that ${key(name)}`;
      const problem = value(object[name]);
      if (problem !== undefined) return `has a field ${name.slice(0, 100)} that ${problem}`;
    }
    return undefined;
  };

/** An object with these fields and no others. */
export type ObjectShape = { fields: ReadonlyMap<string, FieldCheck>; required: readonly string[] };

export function shapeOf(fields: { [name: string]: FieldCheck }, required: readonly string[]): ObjectShape {
  return { fields: new Map(Object.entries(fields)), required };
}

/** The first field that is wrong, and how; undefined when the object has the shape. */
export function findProblem(object: JsonObject, shape: ObjectShape): string | undefined {
  for (const name of Object.keys(object)) {
    const check = shape.fields.get(name);
    if (check === undefined) return `${name.slice(0, 100)} is not a known field`;
    const problem = check(object[name]);
    if (problem !== undefined) return `${name} ${problem}`;
  }
  const missing = shape.required.find((name) => !Object.hasOwn(object, name));
  return missing === undefined ? undefined : `${missing} is missing`;
}

export const isShape =
  (shape: ObjectShape): FieldCheck =>
  (value) => {
    if (!isObject(value)) return 'must be an object';
    const problem = findProblem(value, shape);
    return problem === undefined ? undefined : `has a problem: ${problem}`;
  };
