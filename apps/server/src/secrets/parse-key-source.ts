import { Secret } from '@app/providers';
import type { Variables } from '../config/resolve-references.ts';
import { SecretRef } from '../config/secret-ref-fields.ts';

/** A key service as the settings name it; `credentialsFile` holds a service account's JSON key. */
export type KeyServicePlace =
  | {
      kind: 'aws-kms';
      region: string;
      keyId: string;
      accessKeyId: string;
      secretAccessKey: Secret;
      sessionToken: Secret | undefined;
    }
  | { kind: 'gcp-kms'; name: string; credentialsFile: string }
  | { kind: 'vault-transit'; vault: NonNullable<SecretRef['vault']>; mount: string; key: string };

export type Parsed<Value> = { ok: true; value: Value } | { ok: false; problem: string };

const REF_FORMS =
  'vault://MOUNT/PATH#FIELD, aws-sm://REGION/SECRET#FIELD, gcp-sm://projects/P/secrets/S#FIELD or secret_refs:NAME';

/**
 * Where TOKENROUTER_MASTER_KEY_REF says that the key is. What opens the manager comes from the variables that its own
 * tools read (VAULT_..., AWS_..., GOOGLE_APPLICATION_CREDENTIALS).
 */
export function parseKeyReference(
  text: string,
  { variables, endpoint }: { variables: Variables; endpoint?: string | undefined },
): Parsed<SecretRef> {
  const [, scheme = '', rest = '', field] = /^([a-z-]+):\/\/([^#]+)(?:#(.+))?$/.exec(text) ?? [];
  const more = { ...(field !== undefined && { field }), ...(endpoint !== undefined && { endpoint }) };
  switch (scheme) {
    case 'vault': {
      const [mount = '', ...path] = rest.split('/');
      const login = vaultOf(variables);
      if (!login.ok) return login;
      return checked({ vault: { ...login.value, mount, path: path.join('/'), ...(field && { field }) } });
    }
    case 'aws-sm': {
      const slash = rest.indexOf('/');
      const login = awsOf(variables);
      if (!login.ok) return login;
      const [region, id] = [rest.slice(0, slash), rest.slice(slash + 1)];
      return checked({ aws: { ...login.value, region, id, ...more } });
    }
    case 'gcp-sm': {
      const login = googleOf(variables);
      return login.ok ? checked({ gcp: { name: rest, credentials_file: login.value, ...more } }) : login;
    }
    default:
      return fail(`TOKENROUTER_MASTER_KEY_REF is not ${REF_FORMS}.`);
  }
}

const SERVICE_FORMS =
  'aws-kms:REGION/KEY, gcp-kms:projects/P/locations/L/keyRings/R/cryptoKeys/K or vault-transit:KEY';
const GCP_KEY = /^projects\/[\w:.-]+\/locations\/[\w-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+$/;

/** The service that TOKENROUTER_MASTER_KEY_KMS names. */
export function parseKeyService(text: string, variables: Variables): Parsed<KeyServicePlace> {
  const colon = text.indexOf(':');
  const [kind, rest] = [text.slice(0, colon), text.slice(colon + 1)];
  const aws = /^([a-z]{2}(?:-[a-z]+)+-\d)\/([\w:/-]{1,400})$/.exec(rest);
  if (kind === 'aws-kms' && aws !== null) {
    const login = awsOf(variables);
    if (!login.ok) return login;
    const { access_key_id: accessKeyId, secret_access_key: key, session_token: session } = login.value;
    const secretAccessKey = new Secret(key);
    const sessionToken = session === undefined ? undefined : new Secret(session);
    const [, region = '', keyId = ''] = aws;
    return { ok: true, value: { kind, region, keyId, accessKeyId, secretAccessKey, sessionToken } };
  }
  if (kind === 'gcp-kms' && GCP_KEY.test(rest)) {
    const login = googleOf(variables);
    return login.ok ? { ok: true, value: { kind, name: rest, credentialsFile: login.value } } : login;
  }
  if (kind === 'vault-transit' && /^[\w-]+(\/[\w-]+)*$/.test(rest)) return parseTransit(rest, variables);
  return fail(`TOKENROUTER_MASTER_KEY_KMS is not ${SERVICE_FORMS}.`);
}

/** The name of a key, with the place of its engine before it where that is not the usual one. */
function parseTransit(text: string, variables: Variables): Parsed<KeyServicePlace> {
  const login = vaultOf(variables);
  if (!login.ok) return login;
  const parts = text.split('/');
  const key = parts.pop() ?? '';
  const ref = checked({ vault: { ...login.value, path: key } });
  if (!ref.ok) return ref;
  const mount = parts.length === 0 ? 'transit' : parts.join('/');
  const { vault } = ref.value;
  if (vault === undefined) return fail('VAULT_ADDR is not an address.');
  return { ok: true, value: { kind: 'vault-transit', vault, mount, key } };
}

type AwsLogin = { access_key_id: string; secret_access_key: string; session_token?: string };

function awsOf(variables: Variables): Parsed<AwsLogin> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: session } = variables;
  if (!id || !secret) {
    return fail('The master key is kept at AWS: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
  }
  const login = { access_key_id: id, secret_access_key: secret };
  return { ok: true, value: session ? { ...login, session_token: session } : login };
}

function googleOf({ GOOGLE_APPLICATION_CREDENTIALS: file }: Variables): Parsed<string> {
  if (file) return { ok: true, value: file };
  return fail(
    "The master key is kept at Google: set GOOGLE_APPLICATION_CREDENTIALS to the file of a service account's key.",
  );
}

/** The variables of Vault's own tools, and those for logins that they leave to an agent. */
function vaultOf(variables: Variables): Parsed<object> {
  const { VAULT_ADDR: address, VAULT_TOKEN: token, VAULT_TOKEN_FILE: token_file } = variables;
  const { VAULT_NAMESPACE: namespace, VAULT_KUBERNETES_ROLE: role } = variables;
  const { VAULT_ROLE_ID: role_id, VAULT_SECRET_ID: secret_id } = variables;
  if (!address) return fail('The master key is kept in Vault: set VAULT_ADDR to its address.');
  const logins = [
    token && { token },
    token_file && { token_file },
    role_id && secret_id && { approle: { role_id, secret_id } },
    role && { kubernetes: { role } },
  ].flatMap((login) => login || []);
  const [login] = logins;
  if (login !== undefined && logins.length === 1) {
    return { ok: true, value: { address, ...(namespace && { namespace }), ...login } };
  }
  return fail(
    'The master key is kept in Vault: set exactly one of VAULT_TOKEN, VAULT_TOKEN_FILE, VAULT_ROLE_ID with VAULT_SECRET_ID, or VAULT_KUBERNETES_ROLE.',
  );
}

function checked(ref: object): Parsed<SecretRef> {
  const parsed = SecretRef.safeParse(ref);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  return fail(`TOKENROUTER_MASTER_KEY_REF is not ${REF_FORMS}: ${issue?.path.join('.')} ${issue?.message}.`);
}

function fail(problem: string): { ok: false; problem: string } {
  return { ok: false, problem };
}
