import { isObject, type Json, type JsonObject } from '../json.ts';
import { camelled } from './wire.ts';

/** A schema nested deeper stays as it is; nobody writes one by hand. */
const DEPTH_MAX = 64;

const COUNTS = ['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'];

/**
 * Google's `Schema`, a subset of OpenAPI 3.0's with types in capitals, as a JSON schema. Its order of properties becomes
 * the order in which they stand. Source: the reference's `Schema`.
 */
export function readSchema(wire: JsonObject, depth = 0): JsonObject {
  if (depth > DEPTH_MAX) return wire;
  const { nullable, propertyOrdering, example, ...rest } = camelled(wire);
  const schema: JsonObject = rest;
  const inner = (value: Json | undefined): Json | undefined =>
    isObject(value) ? readSchema(value, depth + 1) : value;
  const type = typeOf(schema.type);
  if (type === undefined) delete schema.type;
  else schema.type = type;
  for (const key of COUNTS) {
    const value = schema[key];
    // The JSON form of protocol buffers writes 64-bit numbers as strings.
    if (typeof value === 'string' && /^\d+$/.test(value)) schema[key] = Number(value);
  }
  if (isObject(schema.properties))
    schema.properties = readProperties(schema.properties, propertyOrdering, inner);
  if (schema.items !== undefined) schema.items = inner(schema.items);
  if (schema.additionalProperties !== undefined)
    schema.additionalProperties = inner(schema.additionalProperties);
  for (const key of ['anyOf', 'prefixItems']) {
    const list = schema[key];
    if (Array.isArray(list)) schema[key] = list.map((one) => inner(one) ?? one);
  }
  if (example !== undefined) schema.examples = [example];
  return nullable === true ? orNull(schema) : schema;
}

function typeOf(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value;
  return value === 'TYPE_UNSPECIFIED' ? undefined : value.toLowerCase();
}

function readProperties(
  properties: JsonObject,
  order: Json | undefined,
  inner: (value: Json | undefined) => Json | undefined,
): JsonObject {
  const named = Array.isArray(order) ? order.filter((name) => typeof name === 'string') : [];
  const first = named.filter((name) => Object.hasOwn(properties, name));
  const names = new Set([...first, ...Object.keys(properties)]);
  return Object.fromEntries([...names].map((name) => [name, inner(properties[name])]));
}

function orNull(schema: JsonObject): JsonObject {
  const { type, enum: values } = schema;
  if (type === undefined) return { anyOf: [schema, { type: 'null' }] };
  const nullable: JsonObject = { ...schema, type: [...(Array.isArray(type) ? type : [type]), 'null'] };
  if (Array.isArray(values) && !values.includes(null)) nullable.enum = [...values, null];
  return nullable;
}
