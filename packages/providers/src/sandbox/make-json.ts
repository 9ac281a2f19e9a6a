import { isObject, type Json, type JsonObject } from '@app/protocol';
import { makeNumber, makeString } from './make-scalar.ts';
import { mergeSchemas } from './merge-schemas.ts';

/**
 * A value that fits a JSON schema, always the same one for the same schema.
 *
 * Understands types, `enum`, `const`, objects, arrays, tuples, bounds, formats, `allOf`, the first fitting branch of `anyOf` and
 * `oneOf`, and `$ref` within the document, recursion included. `pattern`, `not` and conditions are not looked at:
 * running a caller's regular expression would let a test key stop the server.
 */
export function makeJson(schema: Json): Json {
  return makeValue(schema, {
    root: schema,
    depth: 0,
    variant: 0,
    name: 'value',
    budget: { left: WORK_MAX },
  });
}

type Place = {
  root: Json;
  depth: number;
  /** Which of several siblings this is, so that the items of a set differ. */
  variant: number;
  /** The property's name, which makes strings readable. */
  name: string;
  /** Bounds time and size together, whatever the schema repeats; when it is spent, `null` stands for the rest. */
  budget: { left: number };
};

/** Units of about one keyword, property or 16 characters. */
const WORK_MAX = 20_000;
const CHARACTERS_PER_UNIT = 16;
/** Deeper than this only what is required is made, which ends every recursion that can end. */
const OPTIONAL_DEPTH_MAX = 4;
const DEPTH_MAX = 40;
const ITEMS_MAX = 1_000;

function makeValue(schema: Json | undefined, place: Place): Json {
  if (place.depth > DEPTH_MAX || place.budget.left < 0) return null;
  const resolved = resolve(schema, place, 0);
  if (Object.hasOwn(resolved, 'const')) return charged(resolved.const ?? null, place);
  if (Array.isArray(resolved.enum) && resolved.enum.length > 0) {
    return charged(resolved.enum[place.variant % resolved.enum.length] ?? null, place);
  }
  switch (typeOf(resolved)) {
    case 'object':
      return makeObject(resolved, place);
    case 'array':
      return makeArray(resolved, place);
    case 'number':
      return makeNumber(resolved, place.variant, false);
    case 'integer':
      return makeNumber(resolved, place.variant, true);
    case 'boolean':
      return place.variant % 2 === 0;
    case 'null':
      return null;
    default:
      return charged(makeString(resolved, place.name, place.variant), place);
  }
}

/** The value, its size taken from the budget. */
function charged(value: Json, place: Place): Json {
  place.budget.left -= 1 + JSON.stringify(value).length / CHARACTERS_PER_UNIT;
  return value;
}

/** What it takes to copy a schema's own keywords. */
function weightOf(schema: JsonObject): number {
  let weight = 1;
  for (const value of Object.values(schema)) {
    weight += 1;
    if (typeof value === 'string') weight += value.length / CHARACTERS_PER_UNIT;
    else if (Array.isArray(value)) weight += value.length;
    else if (isObject(value)) {
      for (const name in value) weight += 1 + name.length / CHARACTERS_PER_UNIT;
    }
  }
  return weight;
}

/** The schema with its references, `allOf` and alternatives folded into one object. */
function resolve(schema: Json | undefined, place: Place, hops: number): JsonObject {
  if (!isObject(schema) || hops > DEPTH_MAX || place.budget.left < 0) return {};
  place.budget.left -= weightOf(schema);
  const { $ref, allOf, anyOf, oneOf, ...own } = schema;
  let merged: JsonObject = own;
  if (typeof $ref === 'string') {
    merged = mergeSchemas(resolve(lookUp(place.root, $ref), place, hops + 1), merged);
  }
  if (Array.isArray(allOf)) {
    for (const branch of allOf) merged = mergeSchemas(merged, resolve(branch, place, hops + 1));
  }
  for (const branches of [anyOf, oneOf]) {
    if (!Array.isArray(branches) || branches.length === 0) continue;
    merged = mergeSchemas(merged, resolve(chooseBranch(branches, place), place, hops + 1));
  }
  return merged;
}

/** The first branch; in the depth the simplest one, because the first may be the one that recurses. */
function chooseBranch(branches: Json[], place: Place): Json | undefined {
  if (place.depth <= OPTIONAL_DEPTH_MAX) return branches[0];
  const isSimple = (branch: Json) =>
    isObject(branch) && branch.$ref === undefined && !['object', 'array'].includes(typeOf(branch));
  return branches.find(isSimple) ?? branches.at(-1);
}

/** A JSON pointer within the document (RFC 6901); anything else allows any value. */
function lookUp(root: Json, reference: string): Json | undefined {
  if (!reference.startsWith('#')) return undefined;
  let found: Json | undefined = root;
  for (const part of reference.slice(1).split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(found)) found = found[Number(key)];
    else if (isObject(found) && Object.hasOwn(found, key)) found = found[key];
    else return undefined;
  }
  return found;
}

function typeOf(schema: JsonObject): string {
  const types = [schema.type].flat().filter((type) => typeof type === 'string');
  const type = types.find((name) => name !== 'null') ?? types[0];
  if (type !== undefined) return type;
  if (isObject(schema.properties) || Array.isArray(schema.required) || schema.minProperties !== undefined)
    return 'object';
  if (schema.items !== undefined || schema.prefixItems !== undefined || schema.minItems !== undefined)
    return 'array';
  if (['minimum', 'maximum', 'multipleOf', 'exclusiveMinimum'].some((key) => schema[key] !== undefined))
    return 'number';
  return 'string';
}

function makeObject(schema: JsonObject, place: Place): Json {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required)
    ? schema.required.filter((name) => typeof name === 'string')
    : [];
  const optional = place.depth < OPTIONAL_DEPTH_MAX ? Object.keys(properties) : [];
  const names = [...new Set([...required, ...optional])];
  const max = typeof schema.maxProperties === 'number' ? schema.maxProperties : Number.POSITIVE_INFINITY;
  const kept = names.slice(0, Math.max(required.length, max));
  const min = Math.min(typeof schema.minProperties === 'number' ? schema.minProperties : 0, ITEMS_MAX);
  for (let i = 1; kept.length < min; i++) if (!kept.includes(`extra${i}`)) kept.push(`extra${i}`);
  return Object.fromEntries(
    kept.map((name) => {
      place.budget.left -= name.length / CHARACTERS_PER_UNIT;
      const inner = Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties;
      return [name, makeValue(inner, { ...place, depth: place.depth + 1, variant: 0, name })];
    }),
  );
}

function makeArray(schema: JsonObject, place: Place): Json {
  const tuple = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const min = typeof schema.minItems === 'number' ? schema.minItems : 0;
  const max = typeof schema.maxItems === 'number' ? schema.maxItems : ITEMS_MAX;
  // One item shows the shape, unless the array may be empty and this is the depth of a recursion.
  const wanted =
    place.depth < OPTIONAL_DEPTH_MAX && schema.items !== false ? Math.max(min, tuple.length, 1) : min;
  const length = Math.min(wanted, max, ITEMS_MAX);
  return Array.from({ length }, (_, i) => {
    const inTuple = i < tuple.length;
    const inner = inTuple ? tuple[i] : schema.items;
    return makeValue(inner, { ...place, depth: place.depth + 1, variant: inTuple ? 0 : i });
  });
}
