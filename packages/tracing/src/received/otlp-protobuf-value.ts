import type { Json, JsonObject } from '@app/protocol';
import { BATCH_BOUNDS } from './batch-bounds.ts';
import { plainNumber, spendValue, type ValueBudget } from './otlp-json-value.ts';
import {
  FIXED64,
  LENGTH,
  nextField,
  type ProtobufCursor,
  readDouble,
  readEncoded,
  readInner,
  readLongVarint,
  readText,
  skipField,
  VARINT,
} from './protobuf-fields.ts';
import { putField } from './put-field.ts';
import { SpanError } from './span-error.ts';

type Place = { field: string; budget: ValueBudget; depth: number };

/**
 * Reads one `KeyValue` into `attributes`, as the JSON encoding would give it.
 * Source: opentelemetry-proto, common/v1/common.proto.
 */
export function readAttribute(cursor: ProtobufCursor, attributes: JsonObject, place: Place): void {
  let key = '';
  let value: Json | undefined;
  for (let next = nextField(cursor); next !== undefined; next = nextField(cursor)) {
    if (next.field === 1 && next.wire === LENGTH) key = readText(cursor);
    else if (next.field === 2 && next.wire === LENGTH) value = readValue(readInner(cursor), place);
    else skipField(cursor, next.wire);
  }
  if (value === undefined) spendValue(place.budget, place.field);
  if (key.length > BATCH_BOUNDS.keyCharsMax)
    throw new SpanError(
      `${place.field} has a key that is no text of at most ${BATCH_BOUNDS.keyCharsMax} characters.`,
    );
  putField(attributes, key, value ?? null);
}

/** An `AnyValue`; of several values in one, the last counts, as protobuf has it. */
function readValue(cursor: ProtobufCursor, place: Place): Json {
  spendValue(place.budget, place.field);
  let value: Json = null;
  for (let next = nextField(cursor); next !== undefined; next = nextField(cursor)) {
    const read = KINDS[next.field];
    if (read?.wire === next.wire) value = read.run(cursor, place);
    else skipField(cursor, next.wire);
  }
  return value;
}

type Kind = { wire: number; run(cursor: ProtobufCursor, place: Place): Json };

/** By the number of the field. */
const KINDS: { readonly [field: number]: Kind } = {
  1: { wire: LENGTH, run: readText },
  2: { wire: VARINT, run: (cursor) => isSet(readLongVarint(cursor)) },
  3: { wire: VARINT, run: readWhole },
  4: { wire: FIXED64, run: (cursor) => plainNumber(readDouble(cursor)) },
  5: { wire: LENGTH, run: (cursor, place) => readList(readInner(cursor), deeper(place)) },
  6: { wire: LENGTH, run: (cursor, place) => readObject(readInner(cursor), deeper(place)) },
  7: { wire: LENGTH, run: (cursor) => readEncoded(cursor, 'base64') },
};

function isSet({ low, high }: { low: number; high: number }): boolean {
  return low !== 0 || high !== 0;
}

/** 64 bits with sign; beyond 2^53 they stay text. */
function readWhole(cursor: ProtobufCursor): Json {
  const { low, high } = readLongVarint(cursor);
  const number = (high | 0) * 4294967296 + low;
  if (Number.isSafeInteger(number)) return number;
  return String(BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low)));
}

function readList(cursor: ProtobufCursor, place: Place): Json[] {
  const list: Json[] = [];
  for (let next = nextField(cursor); next !== undefined; next = nextField(cursor)) {
    if (next.field === 1 && next.wire === LENGTH) list.push(readValue(readInner(cursor), place));
    else skipField(cursor, next.wire);
  }
  return list;
}

function readObject(cursor: ProtobufCursor, place: Place): JsonObject {
  const object: JsonObject = {};
  for (let next = nextField(cursor); next !== undefined; next = nextField(cursor)) {
    if (next.field === 1 && next.wire === LENGTH) readAttribute(readInner(cursor), object, place);
    else skipField(cursor, next.wire);
  }
  return object;
}

function deeper(place: Place): Place {
  if (place.depth >= BATCH_BOUNDS.depthMax)
    throw new SpanError(`${place.field} is nested deeper than ${BATCH_BOUNDS.depthMax} levels.`);
  return { ...place, depth: place.depth + 1 };
}
