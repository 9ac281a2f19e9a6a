import { isIP } from 'node:net';
import { OPERATIONS, type Secret } from '@app/providers';
import { z } from 'zod';
import { AlertSettings } from './config/alert-fields.ts';
import { AuditFields } from './config/audit-fields.ts';
import { cloudFields } from './config/cloud-fields.ts';
import { Cors } from './config/cors-fields.ts';
import { Defaults } from './config/default-fields.ts';
import { AcceptedFindings } from './config/doctor-fields.ts';
import { count, filled, modelName } from './config/field-kinds.ts';
import { IngestFields } from './config/ingest-fields.ts';
import { ApiKey } from './config/key-fields.ts';
import { BudgetEntry, LimitEntry } from './config/limit-fields.ts';
import { MailFields } from './config/mail-fields.ts';
import { masterKeyFields } from './config/master-key-fields.ts';
import { Discount, PriceEntry } from './config/price-config.ts';
import { Retention } from './config/retention-fields.ts';
import { SecretRefEntries } from './config/secret-ref-fields.ts';
import { SignIn } from './config/sign-in-fields.ts';
import { tlsFields } from './config/tls-fields.ts';

const port = z.coerce.number().int().min(0).max(65_535);

/** Every setting that comes from the environment: one name, one default, one sentence. */
export const Environment = z.object({
  HOST: filled.default('127.0.0.1').describe('Address to listen on. Anything but loopback means production.'),
  PORT: port
    .default(4000)
    .describe('Port to listen on; 0 picks a free one, and then links need TOKENROUTER_PUBLIC_URL.'),
  TOKENROUTER_DATA_DIR: filled
    .default('./data')
    .describe('Folder of the embedded databases, the spool and the wrapped keys.'),
  TOKENROUTER_CONFIG: filled
    .optional()
    .describe('Path of the configuration file. Default: `./tokenrouter.yaml` if it exists.'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'is not a postgres:// URL' })
    .optional()
    .describe('PostgreSQL 15 or newer. Without it an embedded PostgreSQL runs as a child process.'),
  CLICKHOUSE_URL: z
    .url({ protocol: /^https?$/, error: 'is not an http:// or https:// URL' })
    .optional()
    .describe('ClickHouse over HTTP. Without it an embedded engine runs as a child process.'),
  REDIS_URL: z
    .url({ protocol: /^(rediss?|unix)$/, error: 'is not a redis:// or rediss:// URL, nor unix: with a path' })
    .optional()
    .describe(
      'Redis or Valkey, 7 or newer, where several servers count limits together. Without it one server counts in memory.',
    ),
  REDIS_CA_FILE: filled
    .optional()
    .describe(
      'PEM file of the authorities that may sign the certificate of a `rediss://` REDIS_URL. Default: those that Node knows.',
    ),
  ...tlsFields,
  ...masterKeyFields,
  TOKENROUTER_MODE: z
    .enum(['development', 'production'], { error: 'is neither "development" nor "production"' })
    .optional()
    .describe('Default: production unless HOST is a loopback address.'),
  TOKENROUTER_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'is not an http:// or https:// URL' })
    .optional()
    .describe(
      'How browsers reach this server; Host and Origin must match it. Default: the address listened on.',
    ),
  TOKENROUTER_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(z.string().refine(isAddressRange, 'is not a list of IP addresses or ranges')))
    .describe(
      'Comma-separated addresses or CIDR ranges of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.',
    ),
  TOKENROUTER_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
    .optional()
    .describe('Default: `warn`.'),
});
export type Environment = z.infer<typeof Environment>;

const ProviderEntry = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must be lower-case letters, digits, "-" or "_"')
    .refine((id) => id !== 'sandbox', 'the id "sandbox" belongs to the built-in sandbox')
    .describe('Your name for the provider. `openai` and `anthropic` need neither dialect nor base_url.'),
  kind: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must be the id of a known provider')
    .optional()
    .describe('The known provider that it is, where `id` is a name of your own: `bedrock` for `bedrock-eu`.'),
  dialect: z
    .enum(['openai-chat', 'openai-responses', 'openai-completions', 'anthropic-messages', 'gemini'], {
      error:
        'must be openai-chat (OpenAI and every compatible server), openai-responses, openai-completions, anthropic-messages or gemini',
    })
    .optional()
    .describe('The wire format it speaks.'),
  base_url: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
    .optional()
    .describe('Where it is, up to and without the path of a call, for example `https://api.example.com/v1`.'),
  api_key: ApiKey.optional().describe(
    'Its key, best as a reference such as `${OPENAI_API_KEY}`; or `{ ref: name }` of `secret_refs`; or a list of several keys. Leave it out for servers without one.',
  ),
  ...cloudFields,
  models: z
    .array(modelName)
    .min(1)
    .max(2_000)
    .optional()
    .describe('The models to offer. Default for known providers: every model in the price table.'),
  discount_percent: Discount.optional().describe(
    'What your contract takes off the price table’s prices of this provider. Your own prices stay as they are.',
  ),
  operations: z
    .array(z.enum(OPERATIONS))
    .max(OPERATIONS.length)
    .optional()
    .describe(
      'What it can do besides conversations. Default: what is documented of a known provider, embeddings of others.',
    ),
});

const ModelEntry = z.strictObject({
  id: modelName.describe('`provider_id/model`, as the provider calls the model.'),
  price: PriceEntry.optional(),
  discount_percent: Discount.optional().describe(
    'What your contract takes off this model’s price, yours or the table’s. Default: `providers[].discount_percent`.',
  ),
  max_output_tokens: count(10_000_000)
    .optional()
    .describe('The most tokens it writes in one reply. Default: what the price table knows.'),
});

const InlineKeys = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('Whether callers may bring their own provider keys (`X-TR-Provider-Keys`).'),
    providers: z
      .array(filled.max(64))
      .max(200)
      .optional()
      .describe('Providers for which they may. Default: every known provider that takes a key.'),
    rotate_days: count(365).default(30).describe('How long a public key is handed out.'),
    overlap_days: count(365).default(7).describe('How much longer it is accepted.'),
  })
  .refine(({ rotate_days, overlap_days }) => overlap_days <= rotate_days, {
    path: ['overlap_days'],
    error: 'must not be longer than rotate_days, so that two keys at most are accepted',
  });

/** `tokenrouter.yaml`, whole. Unknown keys are refused, so that a typing error never goes unnoticed. */
export const ConfigFile = z.strictObject({
  providers: z.array(ProviderEntry).max(500).default([]).describe('Who answers calls.'),
  models: z.array(ModelEntry).max(5_000).default([]).describe('What is special about single models.'),
  aliases: z
    .record(modelName, z.union([modelName.transform((name) => [name]), z.array(modelName).min(1).max(50)]))
    .default({})
    .describe('Your own names for models; several targets are tried in order.'),
  defaults: Defaults.prefault({}).describe('What holds where nothing else is said.'),
  inline_keys: InlineKeys.prefault({}).describe('Provider keys that callers bring along.'),
  secret_refs: SecretRefEntries.describe(
    'Secrets by a name of yours: in the environment, in files, in HashiCorp Vault, AWS Secrets Manager or Google Secret Manager.',
  ),
  limits: z
    .array(LimitEntry)
    .max(10_000)
    .default([])
    .describe('What may be called, how much and how fast. Limits of keys themselves are under `defaults`.'),
  budgets: z.array(BudgetEntry).max(10_000).default([]).describe('What may be spent, and what happens then.'),
  cors: Cors.prefault({}).describe('Pages of other sites that may call models; none unless listed.'),
  mail: MailFields.describe('Your mail server: for invitations, resets of passwords, reminders and alerts.'),
  sign_in: SignIn.prefault({}).describe('How people get in.'),
  alerts: AlertSettings.prefault({}).describe('What watches calls, keys and people.'),
  ingest: IngestFields.prefault({}).describe('Spans that applications send.'),
  retention: Retention.prefault({}).describe('When what was stored is deleted.'),
  audit: AuditFields.prefault({}).describe('How what people, keys and the operator do is written down.'),
  allow_private_hosts: z
    .array(filled.max(255))
    .max(1_000)
    .default([])
    .describe(
      'Host names or addresses inside your network that providers may live on, for example `localhost`.',
    ),
  accepted_findings: AcceptedFindings.describe(
    'Findings of `tokenrouter doctor` that you know of and live with: they stop no start in production.',
  ),
  security_contact: z
    .url({ protocol: /^(https|mailto)$/, error: 'must be a mailto: or https: address' })
    .optional()
    .describe(
      'Where to report a vulnerability of this installation; published in /.well-known/security.txt.',
    ),
});
export type ConfigFile = z.infer<typeof ConfigFile>;

type Mode = 'development' | 'production';

/**
 * All settings, checked and complete. `file.path` is absent when there is no configuration file; `literalSecrets`
 * names the places where a key stands as plain text.
 */
export type Config = {
  environment: Environment;
  mode: Mode;
  logLevel: string;
  file: ConfigFile & {
    path: string | undefined;
    literalSecrets: string[];
    /** What the variables hold that `secret_refs` names, by the variable's name. */
    environmentSecrets: ReadonlyMap<string, Secret>;
  };
};

function isAddressRange(text: string): boolean {
  const [address = '', bits] = text.split('/');
  const version = isIP(address);
  if (version === 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
