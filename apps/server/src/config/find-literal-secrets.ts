import { secretFields } from './cloud-fields.ts';

type Path = (string | number)[];

/** Below a reference in `secret_refs`: the fields that hold a secret themselves. */
const REF_FIELDS: readonly Path[] = [
  ['vault', 'token'],
  ['vault', 'approle', 'secret_id'],
  ['aws', 'secret_access_key'],
  ['aws', 'session_token'],
  ['gcp', 'credentials'],
];

/** Where a secret stands in the file as plain text. The file passed its schema, so what is no reference is the secret. */
export function findLiteralSecrets(file: unknown): Path[] {
  const providers = listOf(at(file, ['providers'])).flatMap((entry, index): Path[] =>
    [...secretFields.map((field): Path => [field]), ...listedKeys(entry)]
      .filter((path) => isLiteral(at(entry, path)))
      .map((path) => ['providers', index, ...path]),
  );
  const refs = Object.entries(Object(at(file, ['secret_refs']) ?? {})).flatMap(([name, ref]): Path[] =>
    REF_FIELDS.filter((path) => isLiteral(at(ref, path))).map((path) => ['secret_refs', name, ...path]),
  );
  const signIn = listOf(at(file, ['sign_in', 'providers'])).flatMap((entry, index): Path[] =>
    isLiteral(at(entry, ['client_secret'])) ? [['sign_in', 'providers', index, 'client_secret']] : [],
  );
  const audit: Path[] = isLiteral(at(file, ['audit', 'webhook', 'secret']))
    ? [['audit', 'webhook', 'secret']]
    : [];
  return [...providers, ...refs, ...signIn, ...audit, ...findMailSecrets(at(file, ['mail']))];
}

/** A URL is a secret when a password is in it. */
function findMailSecrets(mail: unknown): Path[] {
  const url = at(mail, ['url']);
  const hasPassword = isLiteral(url) && URL.canParse(String(url)) && new URL(String(url)).password !== '';
  return [
    ...(hasPassword ? [['mail', 'url']] : []),
    ...(isLiteral(at(mail, ['password'])) ? [['mail', 'password']] : []),
  ];
}

function listedKeys(entry: unknown): Path[] {
  return listOf(at(entry, ['api_key'])).map((_, index): Path => ['api_key', index, 'key']);
}

function isLiteral(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('${');
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null ? (inner as { [name: string]: unknown })[part] : undefined,
    value,
  );
}
