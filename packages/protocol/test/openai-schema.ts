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
  ajv.addSchema(JSON.parse(readFileSync(FILE, 'utf8')), 'openai');
  return (name, value) => {
    const validate = ajv.getSchema(`openai#/components/schemas/${name}`);
    if (validate === undefined) return `there is no schema ${name}`;
    return validate(value) ? undefined : ajv.errorsText(validate.errors);
  };
}
