import { KeyChange, NewKey, Permission } from '@app/contract';
import { parseExpiry } from '../keys/parse-expiry.ts';

/** Options that say what a key may do, for commands that make or change one. */
export const fieldOptions = {
  name: { type: 'string' },
  permission: { type: 'string', multiple: true },
  expires: { type: 'string' },
  owner: { type: 'string' },
  tag: { type: 'string', multiple: true },
  model: { type: 'string', multiple: true },
  provider: { type: 'string', multiple: true },
  ip: { type: 'string', multiple: true },
  'requests-per-minute': { type: 'string' },
  concurrency: { type: 'string' },
} as const;

export const newKeyOptions = {
  ...fieldOptions,
  mode: { type: 'string' },
  kind: { type: 'string' },
  environment: { type: 'string' },
} as const;

/** Options that take something off a key. */
export const freeOptions = {
  'any-model': { type: 'boolean' },
  'any-provider': { type: 'boolean' },
  'any-ip': { type: 'boolean' },
  'no-owner': { type: 'boolean' },
  'no-tags': { type: 'boolean' },
} as const;

export type Values = { [option: string]: string | boolean | string[] | undefined };

type Read<Value> = { ok: true; value: Value } | { ok: false; problem: string };

/** The key that the options ask for, or a sentence that names the option at fault. */
export function readNewKey(values: Values, nowMs: number): Read<NewKey> {
  const fields = readFields(values, nowMs);
  if (!fields.ok) return fields;
  const { mode, kind, environment } = values;
  const parsed = NewKey.safeParse({ ...fields.value, mode, kind, environment });
  if (parsed.success) return { ok: true, value: parsed.data };
  return refuse(remedyOf(String(parsed.error.issues[0]?.path[0]), values));
}

/** What the options change of a key. */
export function readKeyChange(values: Values, nowMs: number): Read<KeyChange> {
  const isEndless = values.expires === 'never';
  const fields = readFields({ ...values, expires: isEndless ? undefined : values.expires }, nowMs);
  if (!fields.ok) return fields;
  const taken = {
    ...(isEndless && { expires_at: null }),
    ...(values['any-model'] === true && { models: null }),
    ...(values['any-provider'] === true && { providers: null }),
    ...(values['any-ip'] === true && { ip_ranges: null }),
    ...(values['no-owner'] === true && { owner: null }),
    ...(values['no-tags'] === true && { tags: [] }),
  };
  const both = Object.keys(taken).find((name) => name !== 'expires_at' && fields.value[name] !== undefined);
  if (both !== undefined) return refuse(`Either give ${both} or take them off, not both.`);
  const parsed = KeyChange.safeParse({ ...fields.value, ...taken });
  if (!parsed.success) return refuse(remedyOf(String(parsed.error.issues[0]?.path[0]), values));
  const isNothing = Object.values(parsed.data).every((value) => value === undefined);
  return isNothing
    ? refuse('Say what to change, such as --name or --model.')
    : { ok: true, value: parsed.data };
}

function readFields(values: Values, nowMs: number): Read<{ [name: string]: unknown }> {
  const expiry = typeof values.expires === 'string' ? parseExpiry(values.expires, nowMs) : undefined;
  if (expiry?.ok === false) return refuse(`--expires: ${expiry.problem}.`);
  return {
    ok: true,
    value: {
      name: values.name,
      permissions: values.permission,
      expires_at: expiry === undefined ? undefined : new Date(expiry.expiresAtMs).toISOString(),
      requests_per_minute_max: numberOf(values['requests-per-minute']),
      concurrency_max: numberOf(values.concurrency),
      owner: values.owner,
      tags: values.tag,
      models: values.model,
      providers: values.provider,
      ip_ranges: values.ip,
    },
  };
}

function numberOf(text: Values[string]): number | undefined {
  return typeof text === 'string' ? Number(text === '' ? Number.NaN : text) : undefined;
}

const REMEDIES: { [field: string]: string } = {
  name: '--name is needed, 1 to 128 characters: a word by which you will know the key again, such as --name ci.',
  mode: '--mode is live or test. A test key is answered by the built-in sandbox and costs nothing.',
  kind: '--kind is gateway (to call models) or ingest (to send traces).',
  environment: '--environment has 1 to 64 characters, such as production or staging.',
  owner: '--owner has 1 to 254 characters, such as an e-mail address.',
  tags: '--tag has 1 to 64 characters, and a key has at most 20 of them.',
  models: '--model is a model, provider/model, or the beginning of one with a * at its end.',
  providers: '--provider is the id of a provider in tokenrouter.yaml.',
  ip_ranges: '--ip is an address or a range such as 192.0.2.0/24 or 2001:db8::/32.',
  requests_per_minute_max: '--requests-per-minute is a whole number, 1 to 10000000.',
  concurrency_max: '--concurrency is a whole number, 1 to 100000.',
};

function remedyOf(field: string, values: Values): string {
  if (field !== 'permissions') return REMEDIES[field] ?? `The option for ${field} cannot be used.`;
  const names = Array.isArray(values.permission) ? values.permission : [];
  const unknown = names.find((name) => !Permission.safeParse(name).success);
  return `--permission: there is no permission "${unknown ?? ''}". There are: ${Permission.options.join(', ')}.`;
}

function refuse(problem: string): { ok: false; problem: string } {
  return { ok: false, problem };
}
