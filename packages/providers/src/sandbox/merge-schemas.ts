import { isObject, type Json, type JsonObject } from '@app/protocol';

/** One schema that demands what both demand, as far as keywords can say it. The later one wins where they cannot. */
export function mergeSchemas(a: JsonObject, b: JsonObject): JsonObject {
  const merged: JsonObject = { ...a, ...b };
  for (const key of Object.keys(b)) {
    const [before, after] = [Object.hasOwn(a, key) ? a[key] : undefined, b[key]];
    const merge = MERGERS[key];
    if (before !== undefined && after !== undefined && merge !== undefined)
      merged[key] = merge(before, after);
  }
  return merged;
}

const MERGERS: { [keyword: string]: ((a: Json, b: Json) => Json) | undefined } = {
  properties: mergeProperties,
  required: (a, b) => (Array.isArray(a) && Array.isArray(b) ? [...new Set([...a, ...b])] : b),
  enum: (a, b) => (Array.isArray(a) && Array.isArray(b) ? commonValues(a, b) : b),
  type: (a, b) => commonTypes(a, b),
  allOf: (a, b) => (Array.isArray(a) && Array.isArray(b) ? [...a, ...b] : b),
  minimum: larger,
  exclusiveMinimum: larger,
  minLength: larger,
  minItems: larger,
  minProperties: larger,
  maximum: smaller,
  exclusiveMaximum: smaller,
  maxLength: smaller,
  maxItems: smaller,
  maxProperties: smaller,
};

function mergeProperties(a: Json, b: Json): Json {
  if (!isObject(a) || !isObject(b)) return b;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  // `fromEntries` defines own fields, so that a property called `__proto__` stays a property.
  return Object.fromEntries(
    [...names].map((name) => {
      const [one, other] = [
        Object.hasOwn(a, name) ? a[name] : undefined,
        Object.hasOwn(b, name) ? b[name] : undefined,
      ];
      if (one === undefined || other === undefined) return [name, one ?? other];
      return [name, { allOf: [one, other] }];
    }),
  );
}

function commonValues(a: Json[], b: Json[]): Json[] {
  const texts = new Set(b.map((value) => JSON.stringify(value)));
  return a.filter((value) => texts.has(JSON.stringify(value)));
}

function commonTypes(a: Json, b: Json): Json {
  const [one, other] = [[a].flat(), [b].flat()];
  const common = one.filter(
    (type) => other.includes(type) || (type === 'integer' && other.includes('number')),
  );
  if (other.includes('integer') && one.includes('number') && !common.includes('integer'))
    common.push('integer');
  return common.length === 0 ? b : common;
}

function larger(a: Json, b: Json): Json {
  return typeof a === 'number' && typeof b === 'number' ? Math.max(a, b) : b;
}

function smaller(a: Json, b: Json): Json {
  return typeof a === 'number' && typeof b === 'number' ? Math.min(a, b) : b;
}
