import type { OutputFormat } from '../call.ts';
import type { JsonObject } from '../json.ts';

export function writeFormat(format: OutputFormat): JsonObject {
  if (format.kind === 'text') return { type: 'text' };
  if (format.kind === 'json') return { type: 'json_object' };
  const wire: JsonObject = { type: 'json_schema', name: format.name, schema: format.schema };
  if (format.description !== undefined) wire.description = format.description;
  if (format.strict !== undefined) wire.strict = format.strict;
  return wire;
}
