import { isIP } from 'node:net';
import { OPERATIONS, type Secret } from '@app/providers';
import { z } from 'zod';
import { cloudFields } from './config/cloud-fields.ts';
import { ApiKey } from './config/key-fields.ts';
import { BudgetEntry, LimitEntry } from './config/limit-fields.ts';
import { Discount, PriceEntry } from './config/price-config.ts';
import { SecretRefEntries } from './config/secret-ref-fields.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const filled = z.string().trim().min(1, 'is empty; give it a value or remove it');
const from0 = (max: number) => z.coerce.number().int().min(0).max(max);
const count = (max: number) => from0(max).min(1);

/** Every setting that comes from the environment: one name, one default, one sentence. */
export const Environment = z.object({
  HOST: filled.default('127.0.0.1').describe('Address to listen on. Anything but loopback means production.'),
  PORT: port.default(4000).describe('Port to listen on; 0 picks a free one.'),
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
  TOKENROUTER_MASTER_KEY: filled
    .optional()
    .describe('32 bytes in base64 or hex that wrap every data key. Required in production.'),
  TOKENROUTER_MASTER_KEY_FILE: filled
    .optional()
    .describe('File that holds the master key, instead of the value.'),
  TOKENROUTER_NEW_MASTER_KEY: filled
    .optional()
    .describe(
      'For `keys rotate-master` alone: the master key to rotate to. Default: one is made and printed.',
    ),
  TOKENROUTER_NEW_MASTER_KEY_FILE: filled.optional().describe('File that holds it, instead of the value.'),
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
    .describe('Comma-separated addresses or CIDR ranges whose X-Forwarded-For is believed.'),
  TOKENROUTER_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
    .optional()
    .describe('Default: `warn`.'),
});
export type Environment = z.infer<typeof Environment>;

const modelName = z.string().trim().min(1).max(200);
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

const Defaults = z.strictObject({
  model_order: z
    .array(modelName)
    .max(100)
    .default([])
    .describe(
      'Models tried in this order when a call names none. Default: every configured model in file order.',
    ),
  requests_per_minute: count(10_000_000).default(6_000).describe('Limit of a new key.'),
  concurrency: count(100_000).default(256).describe('Calls in flight at once, limit of a new key.'),
  capture: z
    .enum(['full', 'metadata'])
    .default('full')
    .describe('What the first project records: content, or tokens, cost and timing only.'),
  organizations_created_by: z
    .enum(['owners', 'everyone'], { error: 'must be owners or everyone' })
    .default('owners')
    .describe('Who may make organizations: people who own one already, or everybody who is signed in.'),
  first_byte_timeout_seconds: count(3_600).default(60).describe('Wait for the first byte of a stream.'),
  whole_reply_timeout_seconds: count(3_600)
    .default(300)
    .describe('Wait for the first byte of a whole reply, which comes when the model has finished.'),
  idle_timeout_seconds: count(3_600).default(120).describe('Longest silence in the middle of a reply.'),
  total_timeout_seconds: count(86_400).default(600).describe('Longest whole call.'),
  held_wait_seconds: from0(60)
    .default(5)
    .describe('How long a call waits for what others under way hold of a budget; 0 refuses at once.'),
  background_timeout_seconds: count(86_400)
    .default(3_600)
    .describe('Longest call that runs without its caller (`background: true` on /v1/responses).'),
  store_responses: z
    .boolean()
    .default(true)
    .describe('Whether /v1/responses keeps a reply of a call that does not say `store`.'),
  shared_provider_objects: z
    .boolean()
    .default(false)
    .describe(
      'Whether calls may name what a provider account keeps beside files (vector stores, containers, caches, prompts, buckets): every project then reaches what all projects have there.',
    ),
  when_counters_are_away: z
    .enum(['open', 'closed'], { error: 'is neither "open" nor "closed"' })
    .default('open')
    .describe(
      'What happens to limited calls while REDIS_URL does not answer: `open` gives each server its share of what is left; `closed` refuses them with 503.',
    ),
  counters_timeout_ms: count(10_000)
    .default(100)
    .describe('Longest wait for the counters at REDIS_URL, in milliseconds; a later answer counts as none.'),
  counters_lease_seconds: count(600)
    .min(5)
    .default(30)
    .describe('How long what a server holds at REDIS_URL is kept after its last sign of life.'),
  known_provider_keys: z
    .boolean()
    .default(true)
    .describe(
      'Whether an organization can store keys for known providers that are not listed under `providers`, and call them.',
    ),
  secret_refresh_seconds: count(86_400)
    .default(300)
    .describe('How often secrets of `secret_refs` are read again, give or take a fifth.'),
  attempts: count(20).default(4).describe('Providers tried for one call before its first part.'),
  body_bytes: count(500_000_000).default(20_000_000).describe('Largest request body.'),
  upload_bytes: count(500_000_000)
    .default(32_000_000)
    .describe('Largest form with files in it; it is held in memory, twice, until its call is over.'),
  spool_bytes: count(1_000_000_000_000)
    .default(2_147_483_648)
    .describe('Disk that traces may take while the trace store is away.'),
});

const Retention = z.strictObject({
  limit_usage_days: z.coerce
    .number()
    .int()
    .min(35)
    .max(3_650)
    .default(400)
    .describe('How long is kept what each day and month used of its limits and budgets.'),
  stored_responses_days: count(3_650)
    .default(30)
    .describe('How long a reply of /v1/responses is kept, with what it was asked.'),
  conversations_days: count(3_650)
    .optional()
    .describe('How long a conversation that nobody uses is kept. Default: until it is deleted.'),
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
  retention: Retention.prefault({}).describe('When what was stored is deleted.'),
  allow_private_hosts: z
    .array(filled.max(255))
    .max(1_000)
    .default([])
    .describe(
      'Host names or addresses inside your network that providers may live on, for example `localhost`.',
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
