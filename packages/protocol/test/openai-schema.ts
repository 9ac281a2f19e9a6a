import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { DATA } from './shared-recordings.ts';

const FILE = join(DATA, 'openai-openapi.json');

export const isSchemaPresent = existsSync(FILE);

/** What breaks OpenAI's own schema of that name in a value, or undefined. */
export type SchemaCheck = (name: string, value: unknown) => string | undefined;

/** Checks against OpenAI's OpenAPI 3.1 document, which is kept outside the project. */
export function openSchemaCheck(): SchemaCheck {
  // The document has keywords and formats of its own, which say nothing about validity.
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
  formats.default(ajv);
  ajv.addFormat('unixtime', true);
  ajv.addSchema(JSON.parse(readFileSync(FILE, 'utf8'), withNull), 'openai');
  return (name, value) => {
    const validate = ajv.getSchema(`openai#/components/schemas/${name}`);
    if (validate === undefined) return `there is no schema ${name}`;
    return validate(value) ? undefined : ajv.errorsText(validate.errors);
  };
}

/** OpenAPI 3.0's word for a value that may be null, also beside a list of values without it, or a schema without a type. */
function withNull(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nullable' in value)) return value;
  const { nullable, ...schema } = value;
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

/** The schema of an event of a response: the list of all takes a minute for a thousand events, and says little when it fails. */
export function schemaOf(type: string): string {
  if (type === 'error') return 'ResponseErrorEvent';
  const name = type
    .replace('response.output_text.annotation', 'response.output_text_annotation')
    .replace('output_text.d', 'text.d')
    .replace('image_generation', 'image_gen')
    .split(/[._]/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return `${name.join('')}Event`;
}
