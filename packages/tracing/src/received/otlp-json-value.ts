import { isObject, type Json, type JsonObject } from '@app/protocol';
import { BATCH_BOUNDS } from './batch-bounds.ts';
import { putField } from './put-field.ts';
import { SpanError } from './span-error.ts';

/** How many more values a span may hold. */
export type ValueBudget = { left: number };

export function createValueBudget(): ValueBudget {
  return { left: BATCH_BOUNDS.valuesMax };
}

/** Takes one value from what a span may hold. */
export function spendValue(budget: ValueBudget, field: string): void {
  budget.left -= 1;
  if (budget.left < 0)
    throw new SpanError(`${field}: a span may hold ${BATCH_BOUNDS.valuesMax} values in all.`);
}

/**
 * A list of `{key, value}` as an object of plain JSON. Whole numbers beyond 2^53 stay text, bytes are base64.
 * Source: opentelemetry-proto, common/v1/common.proto, in its JSON encoding.
 */
export function readJsonAttributes(list: Json | undefined, field: string, budget: ValueBudget): JsonObject {
  const attributes: JsonObject = {};
  if (list === undefined || list === null) return attributes;
  if (!Array.isArray(list)) throw new SpanError(`${field} must be a list.`);
  if (list.length > BATCH_BOUNDS.attributesMax)
    throw new SpanError(`${field} may have ${BATCH_BOUNDS.attributesMax} entries.`);
  for (const entry of list) {
    if (!isObject(entry)) throw new SpanError(`${field} must hold objects of key and value.`);
    const { key } = entry;
    if (typeof key !== 'string' || key.length > BATCH_BOUNDS.keyCharsMax)
      throw new SpanError(
        `${field} has a key that is no text of at most ${BATCH_BOUNDS.keyCharsMax} characters.`,
      );
    putField(attributes, key, readJsonValue(entry.value, { field, budget, depth: 1 }));
  }
  return attributes;
}

type Place = { field: string; budget: ValueBudget; depth: number };

function readJsonValue(value: Json | undefined, place: Place): Json {
  spendValue(place.budget, place.field);
  if (!isObject(value)) {
    if (value === undefined || value === null) return null;
    throw new SpanError(`${place.field} has a value that is no object like {"stringValue": ""}.`);
  }
  const text = value.stringValue ?? value.string_value;
  if (text !== undefined && text !== null) return textOr(text, place);
  const whole = value.intValue ?? value.int_value;
  if (whole !== undefined && whole !== null) return readWhole(whole, place);
  const fraction = value.doubleValue ?? value.double_value;
  if (fraction !== undefined && fraction !== null) return readFraction(fraction, place);
  const truth = value.boolValue ?? value.bool_value;
  if (truth !== undefined && truth !== null) return truth === true || truth === 'true';
  const bytes = value.bytesValue ?? value.bytes_value;
  if (bytes !== undefined && bytes !== null) return textOr(bytes, place);
  return readNested(value, place);
}

function readNested(value: JsonObject, place: Place): Json {
  const list = value.arrayValue ?? value.array_value;
  const fields = value.kvlistValue ?? value.kvlist_value;
  if (!isObject(list) && !isObject(fields)) return null;
  if (place.depth >= BATCH_BOUNDS.depthMax)
    throw new SpanError(`${place.field} is nested deeper than ${BATCH_BOUNDS.depthMax} levels.`);
  const inner = { ...place, depth: place.depth + 1 };
  if (isObject(list)) {
    return Array.isArray(list.values) ? list.values.map((item) => readJsonValue(item, inner)) : [];
  }
  const object: JsonObject = {};
  const entries = isObject(fields) && Array.isArray(fields.values) ? fields.values : [];
  for (const entry of entries) {
    if (isObject(entry) && typeof entry.key === 'string')
      putField(object, entry.key, readJsonValue(entry.value, inner));
  }
  return object;
}

function textOr(text: Json, { field }: Place): string {
  if (typeof text !== 'string')
    throw new SpanError(`${field} has a stringValue or bytesValue that is no text.`);
  return text;
}

/** The JSON encoding writes 64 bits as text; many senders write a number. */
function readWhole(value: Json, { field }: Place): Json {
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number + 0 : value;
  }
  if (typeof value === 'number' && Number.isFinite(value)) return value + 0;
  throw new SpanError(`${field} has an intValue that is no whole number.`);
}

/** JSON has no word for what is no number, so it stays the word of the encoding. */
function readFraction(value: Json, { field }: Place): Json {
  if (typeof value === 'number') return plainNumber(value);
  if (typeof value === 'string' && value.trim() !== '') {
    const number = Number(value);
    if (value === 'NaN' || !Number.isNaN(number)) return plainNumber(number);
  }
  throw new SpanError(`${field} has a doubleValue that is no number.`);
}

/** A number as JSON can carry it: -0 is 0, and `NaN` and the infinities are words. */
export function plainNumber(value: number): Json {
  return Number.isFinite(value) ? value + 0 : String(value);
}
