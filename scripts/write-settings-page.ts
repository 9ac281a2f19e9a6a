/** Writes docs/settings.md from the configuration schema. `--check` only tells whether it is current. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ConfigFile, Environment } from '../apps/server/src/config.ts';

const path = join(resolve(import.meta.dirname, '..'), 'docs/settings.md');
const page = settingsPage();
if (!process.argv.includes('--check')) writeFileSync(path, page);
else if (readFileSync(path, 'utf8') !== page) {
  process.stdout.write('docs/settings.md is not what the schema says; run "npm run docs"\n');
  process.exitCode = 1;
}

function settingsPage(): string {
  return [
    '# Settings',
    '',
    'Written from the schema by `npm run docs`. A setting that is unknown, wrong or empty stops the start with a sentence that names it.',
    '',
    '## Environment',
    '',
    ...table(z.toJSONSchema(Environment, { io: 'input', unrepresentable: 'any' })),
    '',
    '## tokenrouter.yaml',
    '',
    'Every text may refer to an environment variable as `${NAME}`. Names that begin with `TOKENROUTER_` cannot be referred to.',
    '',
    ...table(z.toJSONSchema(ConfigFile, { io: 'input', unrepresentable: 'any' })),
    '',
  ].join('\n');
}

type Schema = z.core.JSONSchema.BaseSchema;

function table(schema: Schema): string[] {
  return ['| name | values | default | meaning |', '| --- | --- | --- | --- |', ...rows(schema, '')];
}

function rows(schema: Schema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    if (typeof property === 'boolean') return [];
    const item =
      typeof property.items === 'object' && !Array.isArray(property.items) ? property.items : property;
    const path = `${prefix}${name}${item === property ? '' : '[]'}`;
    return [row(path, property), ...rows(item, `${path}.`)];
  });
}

function row(path: string, schema: Schema): string {
  const cells = [`\`${path}\``, values(schema), defaultOf(schema), schema.description ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function values(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.anyOf)
    return [...new Set(schema.anyOf.map((one) => (typeof one === 'object' ? values(one) : '')))].join(' or ');
  if (schema.type === 'array')
    return typeof schema.items === 'object' ? `list of ${values(schema.items as Schema)}` : 'list';
  if (schema.format === 'uri') return 'URL';
  if (schema.minimum !== undefined) return `${schema.minimum} to ${schema.maximum}`;
  const type = [schema.type ?? 'string'].flat().join(' or ');
  return type.replace('string', 'text');
}

function defaultOf(schema: Schema): string {
  const value = schema.default;
  if (
    value === undefined ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value ?? {}).length === 0)
  )
    return '';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
