import { isObject, parseJson } from '@app/protocol';
import { Secret } from '@app/providers';
import { ReferenceFailure } from './reference-failure.ts';

const SECRET_CHARS_MAX = 32_768;

/** The secret as it was found: whole, or one field of a JSON object. Throws a `ReferenceFailure` without quoting it. */
export function readField(text: string, field: string | undefined): Secret {
  if (field === undefined) return asSecret(text);
  const value = parseJson(text);
  if (!isObject(value)) throw new ReferenceFailure('The secret is not a JSON object, so it has no fields.');
  return fieldOf(value, field);
}

/** One field of a secret that has several. */
export function fieldOf(secret: { [name: string]: unknown }, field: string): Secret {
  const value = Object.hasOwn(secret, field) ? secret[field] : undefined;
  if (value === undefined) throw new ReferenceFailure(`The secret has no field "${field}".`);
  if (typeof value !== 'string')
    throw new ReferenceFailure(`The field "${field}" of the secret is not a text.`);
  return asSecret(value);
}

function asSecret(text: string): Secret {
  const trimmed = text.trim();
  if (trimmed === '') throw new ReferenceFailure('The secret is empty.');
  if (trimmed.length > SECRET_CHARS_MAX) throw new ReferenceFailure('The secret is too long to be one.');
  return new Secret(trimmed);
}
