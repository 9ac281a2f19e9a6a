import { parseArgs } from 'node:util';
import { NewKey, Permission } from '@app/contract';
import { parseExpiry } from '../keys/parse-expiry.ts';

/** What a command line asks for, or why it cannot be understood, as a sentence that names the option. */
export type KeysRequest =
  | { do: 'create'; project: string; key: NewKey }
  | { do: 'list'; project: string; json: boolean }
  | { do: 'revoke'; project: string; id: string }
  | { do: 'help' }
  | { do: 'refuse'; problem: string };

const common = {
  project: { type: 'string', default: 'default' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Reads what follows `tokenrouter keys`. */
export function readKeysOptions(args: readonly string[], nowMs: number): KeysRequest {
  const [action, ...rest] = args;
  try {
    if (action === 'create') return readCreate(rest, nowMs);
    if (action === 'list') return readList(rest);
    if (action === 'revoke') return readRevoke(rest);
  } catch (error) {
    // The parser's own sentences name the option.
    if (error instanceof TypeError && 'code' in error) return refuse(error.message);
    throw error;
  }
  if (action === undefined || ['help', '--help', '-h'].includes(action)) return { do: 'help' };
  return refuse(`There is no command "keys ${action}"; use create, list or revoke.`);
}

function readCreate(args: readonly string[], nowMs: number): KeysRequest {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...common,
      name: { type: 'string' },
      mode: { type: 'string' },
      kind: { type: 'string' },
      permission: { type: 'string', multiple: true },
      environment: { type: 'string' },
      expires: { type: 'string' },
    },
  });
  if (values.help) return { do: 'help' };
  const expiry = values.expires === undefined ? undefined : parseExpiry(values.expires, nowMs);
  if (expiry?.ok === false) return refuse(`--expires: ${expiry.problem}.`);
  const parsed = NewKey.safeParse({
    name: values.name,
    kind: values.kind,
    mode: values.mode,
    environment: values.environment,
    permissions: values.permission,
    expires_at: expiry === undefined ? undefined : new Date(expiry.expiresAtMs).toISOString(),
  });
  if (parsed.success) return { do: 'create', project: values.project, key: parsed.data };
  return refuse(remedyOf(String(parsed.error.issues[0]?.path[0]), values));
}

function readList(args: readonly string[]): KeysRequest {
  const { values } = parseArgs({
    args: [...args],
    options: { ...common, json: { type: 'boolean', default: false } },
  });
  return values.help ? { do: 'help' } : { do: 'list', project: values.project, json: values.json };
}

function readRevoke(args: readonly string[]): KeysRequest {
  const { values, positionals } = parseArgs({ args: [...args], options: common, allowPositionals: true });
  if (values.help) return { do: 'help' };
  const [id, ...more] = positionals;
  if (id === undefined) return refuse('Say which key to revoke: keys revoke ID. "keys list" shows the ids.');
  if (more.length > 0) return refuse('Only one key is revoked at a time.');
  return { do: 'revoke', project: values.project, id };
}

function remedyOf(field: string, values: { permission?: string[]; [option: string]: unknown }): string {
  switch (field) {
    case 'name':
      return '--name is needed, 1 to 128 characters: a word by which you will know the key again, such as --name ci.';
    case 'mode':
      return '--mode is live or test. A test key is answered by the built-in sandbox and costs nothing.';
    case 'kind':
      return '--kind is gateway (to call models) or ingest (to send traces).';
    case 'environment':
      return '--environment has 1 to 64 characters, such as production or staging.';
    case 'permissions': {
      const unknown = values.permission?.find((name) => !Permission.safeParse(name).success);
      return `--permission: there is no permission "${unknown ?? ''}". There are: ${Permission.options.join(', ')}.`;
    }
    default:
      return `The option for ${field} cannot be used.`;
  }
}

function refuse(problem: string): KeysRequest {
  return { do: 'refuse', problem };
}
