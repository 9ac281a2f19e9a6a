import type { Auth, Provider } from '../provider.ts';
import type { Secret } from '../secret.ts';

/** What an operator says of a provider in a cloud, under the names of the configuration. */
export type CloudOptions = {
  id: string;
  /** Another address of the same service (a private endpoint), whole up to the path of a call. */
  base_url?: string | undefined;
  models?: readonly string[] | undefined;
  api_key?: Secret | undefined;
  region?: string | undefined;
  access_key_id?: string | undefined;
  secret_access_key?: Secret | undefined;
  session_token?: Secret | undefined;
  project?: string | undefined;
  location?: string | undefined;
  credentials?: Secret | undefined;
  resource?: string | undefined;
  api_version?: string | undefined;
  entra_token?: Secret | undefined;
};

export type CloudField = Exclude<keyof CloudOptions, 'id' | 'base_url' | 'models'>;

/** What is wrong with a field, as the end of a sentence that begins with its name. */
export type CloudProblem = { field: CloudField | 'models'; message: string };

/** A kind of provider whose address or credential is made of more than a URL and a key. */
export type Cloud = {
  /** Its name in the price table. */
  priceId: string;
  /** The fields that mean something to it. */
  fields: readonly CloudField[];
  problems(options: CloudOptions): CloudProblem[];
  /** Only for options without a problem. */
  row(options: CloudOptions): Provider;
};

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A name that becomes a part of the host or path, so that it may be nothing but a name. */
export function nameProblems(
  field: CloudField,
  value: string | undefined,
  { needs, example }: { needs: boolean; example: string },
): CloudProblem[] {
  if (value === undefined) return needs ? [missing(field, `for example ${example}`)] : [];
  const message = 'may hold lower-case letters, digits and "-" only';
  return NAME.test(value) ? [] : [{ field, message }];
}

export function missing(field: CloudProblem['field'], hint: string): CloudProblem {
  return { field, message: `is missing; give it, ${hint}` };
}

/** A secret in a header of its own, or a token as a bearer. */
export function keyOrToken(name: string, { api_key: key, entra_token: token }: CloudOptions): Auth {
  if (key !== undefined) return { kind: 'header', name, secret: key };
  return token === undefined ? { kind: 'none' } : { kind: 'bearer', secret: token };
}
