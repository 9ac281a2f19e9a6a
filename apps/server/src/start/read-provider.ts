import {
  type Cloud,
  type CloudOptions,
  type CloudProblem,
  cloudFields,
  cloudProblems,
  cloudRow,
  findCloud,
  type Provider,
  providerRow,
  Secret,
} from '@app/providers';
import type { Config } from '../config.ts';

export type ProviderEntry = Config['file']['providers'][number];

/** The row of one configured provider. Throws an `Error` with a sentence when it cannot be made. */
export function readProvider(entry: ProviderEntry): Provider {
  const { kind, operations } = entry;
  return { ...rowOf(entry), ...(kind && { kind }), ...(operations && { operations }) };
}

function rowOf(entry: ProviderEntry): Provider {
  const cloud = cloudOf(entry);
  if (cloud !== undefined) return cloudRow(cloud, optionsOf(entry));
  const { id, kind, dialect, base_url: baseUrl, api_key: key } = entry;
  return providerRow({ id, kind, dialect, baseUrl, secret: plainKey(key) });
}

/** What is wrong with the fields that only clouds have, each with its field; undefined when all is well. */
export function findCloudProblems(entry: ProviderEntry): CloudProblem[] | undefined {
  const cloud = cloudOf(entry);
  if (cloud !== undefined) return cloudProblems(cloud, optionsOf(entry));
  const strange = cloudFields.filter((field) => field !== 'api_key' && entry[field] !== undefined);
  if (strange.length === 0) return undefined;
  const message = 'means nothing to this provider; remove it, or name its kind';
  return strange.map((field) => ({ field, message }));
}

/** Whoever names a dialect means a server of that dialect, whatever its id. */
function cloudOf({ id, kind, dialect }: ProviderEntry): Cloud | undefined {
  return kind === undefined && dialect !== undefined ? undefined : findCloud(kind ?? id);
}

function optionsOf(entry: ProviderEntry): CloudOptions {
  const { id, base_url, models, region, access_key_id, project, location, resource, api_version } = entry;
  return {
    id,
    base_url,
    models,
    region,
    access_key_id,
    project,
    location,
    resource,
    api_version,
    api_key: plainKey(entry.api_key),
    secret_access_key: secretOf(entry.secret_access_key),
    session_token: secretOf(entry.session_token),
    credentials: secretOf(entry.credentials),
    entra_token: secretOf(entry.entra_token),
  };
}

/** Stands where one of several keys, or what a reference gives, will be: it shows how that travels. */
const PLACEHOLDER = new Secret('a-key-that-is-chosen-for-each-call');

function plainKey(given: ProviderEntry['api_key']): Secret | undefined {
  return given === undefined || typeof given === 'string' ? secretOf(given) : PLACEHOLDER;
}

function secretOf(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text);
}
