import type { Json, JsonObject } from '@app/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeJson } from './make-json.ts';

const scalar: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ minLength: fc.nat(30), room: fc.nat(30) }).map(({ minLength, room }) => ({
    type: 'string',
    minLength,
    maxLength: minLength + room,
  })),
  fc.tuple(fc.integer({ min: -500, max: 500 }), fc.nat(300)).map(([minimum, room]) => ({
    type: 'integer',
    minimum,
    maximum: minimum + room,
  })),
  fc.integer({ min: -500, max: 500 }).map((exclusiveMinimum) => ({ type: 'integer', exclusiveMinimum })),
  fc.integer({ min: -500, max: 500 }).map((exclusiveMaximum) => ({ type: 'number', exclusiveMaximum })),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -50, max: 50 }))
    .map(([multipleOf, minimum]) => ({
      type: 'integer',
      multipleOf,
      minimum,
    })),
  fc
    .uniqueArray(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 4 })
    .map((values) => ({ enum: values })),
  fc.jsonValue({ maxDepth: 1 }).map((value) => ({ const: value as Json })),
  fc.constantFrom<JsonObject>(
    { type: 'boolean' },
    { type: ['null', 'string'] },
    { type: 'null' },
    { $ref: '#/$defs/leaf' },
  ),
);

const anySchema: fc.Arbitrary<JsonObject> = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc
      .tuple(
        fc.dictionary(fc.string({ maxLength: 8 }), tie('schema'), { maxKeys: 4 }),
        fc.infiniteStream(fc.boolean()),
      )
      .map(([properties, coin]) => ({
        type: 'object',
        properties,
        required: Object.keys(properties).filter(() => coin.next().value),
        additionalProperties: false,
      })),
    fc.tuple(tie('schema'), fc.nat(3), fc.nat(3)).map(([items, minItems, room]) => ({
      type: 'array',
      items,
      minItems,
      maxItems: minItems + room,
    })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
  ),
})).schema;

test('what is made for a schema fits that schema', () => {
  fc.assert(
    fc.property(anySchema, (schema) => {
      const root = { ...schema, $defs: { leaf: { type: 'integer', minimum: 3 } } };
      const value = makeJson(root);
      expect(faults(value, root, root)).toEqual([]);
      expect(makeJson(root)).toEqual(value);
    }),
    { seed: 11, numRuns: 1_000 },
  );
});

test('a schema that refers to itself ends, whichever way it recurses', () => {
  const tree = {
    $ref: '#/$defs/node',
    $defs: {
      node: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          children: { type: 'array', items: { $ref: '#/$defs/node' } },
          next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
        },
        required: ['name', 'children', 'next'],
        additionalProperties: false,
      },
    },
  };
  const value = makeJson(tree);
  expect(faults(value, tree, tree)).toEqual([]);
  expect(JSON.stringify(value).length).toBeLessThan(100_000);
  const endless = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } };
  expect(makeJson(endless)).toBeDefined();
  const impossible = { type: 'object', properties: { self: { $ref: '#' } }, required: ['self'] };
  expect(JSON.stringify(makeJson(impossible)).length).toBeLessThan(10_000);
});

test('a schema that would make a huge value makes a bounded one', () => {
  const items = {
    type: 'array',
    minItems: 1e9,
    items: { type: 'array', minItems: 1e9, items: { type: 'string' } },
  };
  expect(JSON.stringify(makeJson(items)).length).toBeLessThan(1_000_000);
  expect(String(makeJson({ type: 'string', minLength: 1e12 })).length).toBeLessThan(100_000);
  const fork = { allOf: [{ $ref: '#/$defs/fork' }, { $ref: '#/$defs/fork' }] };
  const repeated = { type: 'array', minItems: 1_000 };
  for (const bomb of [
    { $ref: '#/$defs/fork', $defs: { fork } },
    { ...repeated, items: { const: 'x'.repeat(100_000) } },
    { ...repeated, items: { type: 'string', minLength: 10_000 } },
    { ...repeated, items: { type: 'object', required: ['y'.repeat(100_000)] } },
    { ...repeated, items: { enum: Array.from({ length: 10_000 }, (_, i) => i) } },
  ]) {
    expect(JSON.stringify(makeJson(bomb)).length).toBeLessThan(2_000_000);
  }
});

test('formats, tuples, merged and nested schemas give values that read well', () => {
  const made = makeJson({
    type: 'object',
    properties: {
      when: { type: 'string', format: 'date-time' },
      to: { type: 'string', format: 'email' },
      pair: { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'boolean' }] },
      city: { allOf: [{ type: 'string', minLength: 3 }, { maxLength: 11 }] },
      unit: { enum: ['celsius', 'fahrenheit'] },
      share: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
      step: { type: 'number', multipleOf: 0.1, minimum: 0.25, maximum: 0.35 },
      any: true,
      __proto__: { type: 'string' },
    },
  });
  expect(made).toEqual({
    when: '2026-01-01T12:00:00Z',
    to: 'user1@example.com',
    pair: [1, true],
    city: 'sample city',
    unit: 'celsius',
    share: expect.closeTo(0.5),
    step: 0.3,
    any: 'sample any',
  });
});

test('a property called like a prototype is an ordinary property', () => {
  const schema = JSON.parse(
    '{"type":"object","properties":{"__proto__":{"type":"integer"}},"required":["__proto__"]}',
  );
  expect(JSON.stringify(makeJson(schema))).toBe('{"__proto__":1}');
});

/** What is wrong with a value: an independent check of the keywords that the generated schemas use. */
function faults(value: Json | undefined, schema: Json | undefined, root: JsonObject): string[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return [];
  const found = [...choiceFaults(value, schema, root)];
  if (schema.type !== undefined && ![schema.type].flat().some((type) => isOfType(value, type))) {
    found.push(`${JSON.stringify(value)} is not ${schema.type}`);
  }
  if (typeof value === 'string') found.push(...lengthFaults([...value].length, 'Length', schema));
  if (typeof value === 'number') found.push(...numberFaults(value, schema));
  if (Array.isArray(value)) {
    found.push(...lengthFaults(value.length, 'Items', schema));
    for (const item of value) found.push(...faults(item, schema.items, root));
  } else if (typeof value === 'object' && value !== null) {
    found.push(...objectFaults(value, schema, root));
  }
  return found;
}

function choiceFaults(value: Json | undefined, schema: JsonObject, root: JsonObject): string[] {
  const found: string[] = [];
  if (typeof schema.$ref === 'string') {
    const defs = root.$defs as { [name: string]: Json };
    found.push(
      ...faults(value, schema.$ref === '#' ? root : defs[schema.$ref.slice('#/$defs/'.length)], root),
    );
  }
  if ('const' in schema && JSON.stringify(value) !== JSON.stringify(schema.const))
    found.push('not the constant');
  if (Array.isArray(schema.enum) && !schema.enum.includes(value ?? null)) found.push('not in the enum');
  if (Array.isArray(schema.anyOf) && schema.anyOf.every((branch) => faults(value, branch, root).length > 0)) {
    found.push('fits no branch');
  }
  return found;
}

function objectFaults(value: JsonObject, schema: JsonObject, root: JsonObject): string[] {
  const properties = (schema.properties ?? {}) as JsonObject;
  const required = (schema.required ?? []) as string[];
  const found = required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${name} is missing`);
  for (const [name, inner] of Object.entries(value)) {
    if (Object.hasOwn(properties, name)) found.push(...faults(inner, properties[name], root));
    else if (schema.additionalProperties === false) found.push(`${name} is not allowed`);
  }
  return found;
}

function lengthFaults(length: number, what: 'Length' | 'Items', schema: JsonObject): string[] {
  const [min, max] = [schema[`min${what}`] ?? 0, schema[`max${what}`] ?? 1e9];
  return length >= Number(min) && length <= Number(max) ? [] : [`${length} is not ${min} to ${max}`];
}

function numberFaults(value: number, schema: JsonObject): string[] {
  const broken: [string, boolean][] = [
    ['minimum', typeof schema.minimum === 'number' && value < schema.minimum],
    ['maximum', typeof schema.maximum === 'number' && value > schema.maximum],
    ['exclusiveMinimum', typeof schema.exclusiveMinimum === 'number' && value <= schema.exclusiveMinimum],
    ['exclusiveMaximum', typeof schema.exclusiveMaximum === 'number' && value >= schema.exclusiveMaximum],
    ['multipleOf', typeof schema.multipleOf === 'number' && value % schema.multipleOf !== 0],
  ];
  return broken.flatMap(([name, isBroken]) => (isBroken ? [`${name} ${value}`] : []));
}

function isOfType(value: Json | undefined, type: Json): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}
