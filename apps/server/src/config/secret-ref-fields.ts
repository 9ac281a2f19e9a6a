import { z } from 'zod';
import { filledSecret } from './field-kinds.ts';
import { RefName } from './key-fields.ts';

const text = (sentence: string) => filledSecret.optional().describe(sentence);
const url = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' });
/** Parts of a path, none of which leads elsewhere. */
const place = z
  .string()
  .regex(/^[\w.@-]+(\/[\w.@-]+)*$/, 'must be names joined by "/", without a slash at either end')
  .refine(
    (path) => !path.split('/').some((part) => part === '.' || part === '..'),
    'must not hold "." or ".."',
  );
const field = z.string().trim().min(1).max(200);

const Vault = z.strictObject({
  address: url.describe('Where HashiCorp Vault is, for example `https://vault.example.com:8200`.'),
  path: place.describe('Path of the secret below its engine (KV version 2), for example `llm/openai`.'),
  field: field.default('value').describe('Which field of the secret.'),
  mount: place.default('secret').describe('Where the KV engine is mounted.'),
  namespace: text('Vault Enterprise: the namespace.'),
  token: text('A token, best as `${VAULT_TOKEN}`.'),
  token_file: text('The path of a file with the token, which an agent keeps fresh.'),
  kubernetes: z
    .strictObject({
      role: filledSecret.describe("The role to log in as with this pod's service account."),
      mount: place.default('kubernetes').describe('Where that login is mounted.'),
      token_file: filledSecret
        .default('/var/run/secrets/kubernetes.io/serviceaccount/token')
        .describe("The service account's token."),
    })
    .optional(),
  approle: z
    .strictObject({
      role_id: filledSecret.describe('The id of the role to log in as.'),
      secret_id: filledSecret.describe('Its secret, best as `${VAULT_SECRET_ID}`.'),
      mount: place.default('approle').describe('Where that login is mounted.'),
    })
    .optional(),
});

const Aws = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as eu-west-1')
    .describe('AWS Secrets Manager: the region.'),
  id: filledSecret.max(2_048).describe('Name or ARN of the secret.'),
  field: field
    .optional()
    .describe('Which field, where the secret is a JSON object. Default: the whole text.'),
  access_key_id: filledSecret.describe('The access key id, best as `${AWS_ACCESS_KEY_ID}`.'),
  secret_access_key: filledSecret.describe('The secret access key, best as `${AWS_SECRET_ACCESS_KEY}`.'),
  session_token: text('The session token of temporary credentials.'),
  endpoint: url.optional().describe('Another address of the service, such as a private endpoint.'),
});

const Gcp = z.strictObject({
  name: z
    .string()
    .regex(
      /^projects\/[\w:.-]+(\/locations\/[\w-]+)?\/secrets\/[\w-]+(\/versions\/[\w-]+)?$/,
      'must be projects/PROJECT/secrets/SECRET, with /versions/VERSION where it is not the latest',
    )
    .describe(
      'Google Secret Manager: `projects/PROJECT/secrets/SECRET`; the latest version unless one is named.',
    ),
  field: field
    .optional()
    .describe('Which field, where the secret is a JSON object. Default: the whole text.'),
  credentials: text("A service account's JSON key as a reference such as `${GOOGLE_SERVICE_ACCOUNT}`."),
  credentials_file: text('The path of that key instead of its text.'),
  endpoint: url.optional().describe('Another address of the service.'),
});

export const SecretRef = z.strictObject({
  env: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable')
    .refine((name) => !name.startsWith('TOKENROUTER_'), 'cannot be a variable of TokenRouter itself')
    .optional()
    .describe('An environment variable.'),
  file: text('The path of a file, read again and again, such as a mounted secret.'),
  vault: Vault.optional(),
  aws: Aws.optional(),
  gcp: Gcp.optional(),
  providers: z
    .array(z.string().min(1).max(64))
    .max(100)
    .default([])
    .describe('For which providers keys that are stored over the API may name it. Default: for none.'),
  organizations: z
    .array(z.string().min(1).max(64))
    .max(1_000)
    .optional()
    .describe('Ids of the organizations whose keys may name it. Default: every one.'),
});
export type SecretRef = z.infer<typeof SecretRef>;

export const SecretRefEntries = z
  .record(RefName, SecretRef)
  .refine((refs) => Object.keys(refs).length <= 1_000, 'lists more than 1,000 secrets')
  .default({});
export type SecretRefEntries = z.infer<typeof SecretRefEntries>;

type Problem = [path: PropertyKey[], message: string];

const SOURCES = ['env', 'file', 'vault', 'aws', 'gcp'] as const;
const LOGINS = ['token', 'token_file', 'kubernetes', 'approle'] as const;

/** What no single field can tell. `variables` are those of the environment. */
export function secretRefProblems(
  refs: SecretRefEntries,
  variables: { readonly [name: string]: string | undefined },
): Problem[] {
  return Object.entries(refs).flatMap(([name, ref]): Problem[] => {
    const at = ['secret_refs', name];
    const sources = SOURCES.filter((source) => ref[source] !== undefined);
    if (sources.length !== 1) return [[at, `needs exactly one of ${SOURCES.join(', ')}`]];
    const { env, vault, gcp } = ref;
    if (env !== undefined && !variables[env]) {
      return [[[...at, 'env'], `the environment variable ${env} is not set; set it or remove this entry`]];
    }
    if (vault !== undefined && LOGINS.filter((login) => vault[login] !== undefined).length !== 1) {
      return [[[...at, 'vault'], `needs exactly one of ${LOGINS.join(', ')}`]];
    }
    const isOne =
      gcp === undefined || (gcp.credentials === undefined) !== (gcp.credentials_file === undefined);
    return isOne ? [] : [[[...at, 'gcp'], 'needs credentials or credentials_file, one of the two']];
  });
}
