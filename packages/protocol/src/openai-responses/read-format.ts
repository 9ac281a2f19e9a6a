import type { Call, OutputFormat } from '../call.ts';
import { isObject, type JsonObject } from '../json.ts';
import {
  optionalBoolean,
  optionalObject,
  optionalString,
  requiredObject,
  requiredString,
} from '../read-field.ts';
import type { Unread } from '../unread.ts';

const TEXT_FIELDS = new Set(['format', 'verbosity', 'type', 'json_schema']);
const FORMAT_FIELDS = new Set(['type', 'name', 'description', 'schema', 'strict', 'json_schema']);

/**
 * `text.format`, or in TokenRouter's older words `text.type` with `text.json_schema`, or chat's `response_format`. The
 * schema and its name stand in the format itself or under `json_schema`.
 */
export function readTextField(call: Call, body: JsonObject, unread: Unread): void {
  const text = optionalObject(body, 'text', '') ?? {};
  unread.note(text, TEXT_FIELDS, 'text');
  const verbosity = optionalString(text, 'verbosity', 'text');
  if (verbosity !== undefined) call.verbosity = verbosity;
  const { wire, path } = formatOf(body, text);
  if (wire === undefined) return;
  const type = requiredString(wire, 'type', path);
  if (type === 'text') call.format = { kind: 'text' };
  else if (type === 'json_object') call.format = { kind: 'json' };
  else if (type === 'json_schema') call.format = readSchema(wire, path, unread);
  else call.extra.fields[path] = wire;
}

function formatOf(body: JsonObject, text: JsonObject): { wire: JsonObject | undefined; path: string } {
  const format = optionalObject(text, 'format', 'text');
  if (format !== undefined) return { wire: format, path: 'text.format' };
  if (typeof text.type === 'string')
    return { wire: { type: text.type, json_schema: text.json_schema }, path: 'text' };
  return { wire: optionalObject(body, 'response_format', ''), path: 'response_format' };
}

function readSchema(outer: JsonObject, outerPath: string, unread: Unread): OutputFormat {
  const isNested = isObject(outer.json_schema);
  const path = isNested ? `${outerPath}.json_schema` : outerPath;
  const wire = isNested ? requiredObject(outer, 'json_schema', outerPath) : outer;
  unread.note(wire, FORMAT_FIELDS, path);
  const format: OutputFormat = {
    kind: 'schema',
    name: requiredString(wire, 'name', path),
    schema: optionalObject(wire, 'schema', path) ?? {},
  };
  const description = optionalString(wire, 'description', path);
  const strict = optionalBoolean(wire, 'strict', path);
  if (description !== undefined) format.description = description;
  if (strict !== undefined) format.strict = strict;
  return format;
}
