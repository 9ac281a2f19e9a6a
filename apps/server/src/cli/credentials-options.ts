import { parseArgs } from 'node:util';
import { NewProviderCredential } from '@app/contract';

/** Where a secret comes from: the name of a reference, a file, or standard input. */
export type SecretSource =
  | { from: 'reference'; name: string }
  | { from: 'file'; path: string }
  | { from: 'input' };

/** What a command line asks for, or why it cannot be understood, as a sentence that names the option. */
export type CredentialsRequest =
  | { do: 'create'; project: string; credential: NewProviderCredential; secret: SecretSource }
  | { do: 'list'; project: string; json: boolean }
  | { do: 'rotate'; project: string; id: string; secret: SecretSource }
  | { do: 'enable' | 'disable' | 'delete' | 'check'; project: string; id: string }
  | { do: 'help' }
  | { do: 'refuse'; problem: string };

const common = {
  project: { type: 'string', default: 'default' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;
const secretOptions = { ref: { type: 'string' }, 'secret-file': { type: 'string' } } as const;

const ACTIONS = ['create', 'list', 'rotate', 'enable', 'disable', 'delete', 'check'] as const;
type Action = (typeof ACTIONS)[number];

/** Reads what follows `tokenrouter credentials`. */
export function readCredentialsOptions(args: readonly string[]): CredentialsRequest {
  const [name, ...rest] = args;
  if (name === undefined || ['help', '--help', '-h'].includes(name)) return { do: 'help' };
  const action = ACTIONS.find((each) => each === name);
  if (action === undefined)
    return refuse(`There is no command "credentials ${name}"; use ${ACTIONS.join(', ')}.`);
  try {
    return readAction(action, rest);
  } catch (error) {
    // The parser's own sentences name the option. What it says of an argument too many may quote a secret.
    if (!(error instanceof TypeError && 'code' in error)) throw error;
    if (error.code !== 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return refuse(error.message);
    return refuse('There is an argument too many. A secret is never an argument: give it on standard input.');
  }
}

function readAction(action: Action, args: readonly string[]): CredentialsRequest {
  if (action === 'create') return readCreate(args);
  if (action === 'list') {
    const options = { ...common, json: { type: 'boolean', default: false } } as const;
    const { values } = parseArgs({ args: [...args], options });
    return values.help ? { do: 'help' } : { do: 'list', project: values.project, json: values.json };
  }
  const options = { ...common, ...(action === 'rotate' ? secretOptions : {}) };
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (values.help === true) return { do: 'help' };
  const [id, ...more] = positionals;
  const project = String(values.project);
  if (id === undefined)
    return refuse(`Say which one: credentials ${action} ID. "credentials list" shows the ids.`);
  if (more.length > 0)
    return refuse('Only one at a time, and a secret is never an argument: give it on standard input.');
  if (action !== 'rotate') return { do: action, project, id };
  const secret = sourceOf(values as GivenSecret);
  return secret === undefined ? bothGiven() : { do: 'rotate', project, id, secret };
}

function readCreate(args: readonly string[]): CredentialsRequest {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...common,
      ...secretOptions,
      provider: { type: 'string' },
      name: { type: 'string' },
      weight: { type: 'string' },
      shared: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { do: 'help' };
  const parsed = NewProviderCredential.safeParse({
    provider: values.provider,
    name: values.name,
    weight: values.weight === undefined ? undefined : Number(values.weight),
    shared: values.shared,
  });
  const secret = sourceOf(values);
  if (secret === undefined) return bothGiven();
  if (parsed.success) return { do: 'create', project: values.project, credential: parsed.data, secret };
  return refuse(remedyOf(String(parsed.error.issues[0]?.path[0])));
}

type GivenSecret = { ref?: string | undefined; 'secret-file'?: string | undefined };

function sourceOf({ ref, 'secret-file': path }: GivenSecret): SecretSource | undefined {
  if (ref !== undefined) return path === undefined ? { from: 'reference', name: ref } : undefined;
  return path === undefined ? { from: 'input' } : { from: 'file', path };
}

function bothGiven(): CredentialsRequest {
  return refuse('Give --ref or --secret-file, not both.');
}

function remedyOf(field: string): string {
  switch (field) {
    case 'provider':
      return '--provider is needed: the id of a provider, such as --provider openai.';
    case 'name':
      return '--name has 1 to 64 characters.';
    case 'weight':
      return '--weight is a whole number from 0 to 1000; 0 keeps the key in reserve.';
    default:
      return `The option for ${field} cannot be used.`;
  }
}

function refuse(problem: string): CredentialsRequest {
  return { do: 'refuse', problem };
}
