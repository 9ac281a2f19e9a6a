import type { ProviderCredential } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Project } from '@app/store';
import type { Credentials } from '../credentials/create-credentials.ts';
import { type CredentialsRequest, readCredentialsOptions, type SecretSource } from './credentials-options.ts';
import { writeCredentialsTable } from './credentials-table.ts';

export type CredentialsCommandDeps = {
  /** Opens what the command works on. Not called when the options cannot be understood. */
  open(): Promise<OpenCredentials>;
  /** A secret from a file, or from standard input, without its line end. */
  readSecret(path: string | undefined): Promise<string>;
  /** Standard output: what a script reads. */
  print(text: string): void;
  /** Standard error: what a person reads. */
  warn(text: string): void;
};

export type OpenCredentials = {
  credentials: Credentials;
  /** A project by slug or id. */
  findProject(name: string): Promise<Project | undefined>;
  close(): Promise<void>;
};

const usage = `tokenrouter credentials: keys of providers, also while no server runs

  credentials create --provider NAME   keep a key of a provider; the key comes from standard input
      --name NAME                      to tell several keys apart (default: default)
      --weight NUMBER                  its share of the calls; 0 keeps it in reserve (default: 1)
      --shared                         for every project of the organization
      --secret-file PATH               the key is in this file
      --ref NAME                       the key is behind this name of secret_refs
  credentials list                     show the keys that a project uses, never their secrets
      --json                           as JSON
  credentials rotate ID                a new key in the place of the old one, at once;
                                       from standard input, --secret-file or --ref
  credentials disable ID               keep a key and do not use it
  credentials enable ID                use it again
  credentials delete ID                throw a key away
  credentials check ID                 ask the provider whether it takes the key

      --project NAME                   slug or id of the project, for all of them (default: default)

A key is never an argument, where other processes could read it. Its file is docs/provider-keys.md.
`;

/** Runs \`credentials ...\`. Resolves to the exit status: 0 done, 1 failed, 2 used wrongly. */
export async function runCredentialsCommand(
  args: readonly string[],
  deps: CredentialsCommandDeps,
): Promise<number> {
  const request = readCredentialsOptions(args);
  if (request.do === 'help') {
    deps.print(usage);
    return 0;
  }
  if (request.do === 'refuse') return misused(deps, request.problem);
  // Asked for first: nothing is open while somebody types.
  const given = 'secret' in request ? await readGiven(deps, request.secret) : {};
  const open = await deps.open();
  try {
    const project = await open.findProject(request.project);
    if (project === undefined) return misused(deps, `--project: there is no project "${request.project}".`);
    return await run(request, { credentials: open.credentials, project, given, deps });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    deps.warn(`${error.message}\n`);
    return error.status === 400 ? 2 : 1;
  } finally {
    await open.close();
  }
}

type Given = { secret?: string; reference?: string };

async function readGiven(deps: CredentialsCommandDeps, source: SecretSource): Promise<Given> {
  if (source.from === 'reference') return { reference: source.name };
  return { secret: await deps.readSecret(source.from === 'file' ? source.path : undefined) };
}

type Work = Exclude<CredentialsRequest, { do: 'help' | 'refuse' }>;
type Doing = { credentials: Credentials; project: Project; given: Given; deps: CredentialsCommandDeps };

async function run(request: Work, { credentials, project, given, deps }: Doing): Promise<number> {
  const told = (verb: string, { id, provider, name }: ProviderCredential): number => {
    deps.warn(`${verb} ${id} "${name}" of ${provider}.\n`);
    return 0;
  };
  switch (request.do) {
    case 'create': {
      const made = await credentials.create(project, { ...request.credential, ...given });
      deps.print(`${made.id}\n`);
      return told('Keeps', made);
    }
    case 'list': {
      const { data } = await credentials.list(project);
      deps.print(request.json ? `${JSON.stringify(data, null, 2)}\n` : writeCredentialsTable(data));
      return 0;
    }
    case 'rotate':
      return told('Rotated', await credentials.change(project, { id: request.id, ...given }));
    case 'enable':
    case 'disable': {
      const enabled = request.do === 'enable';
      const changed = await credentials.change(project, { id: request.id, enabled });
      return told(enabled ? 'Uses' : 'Uses no more', changed);
    }
    case 'delete':
      return told('Deleted', await credentials.remove(project, { id: request.id }));
    case 'check': {
      const { ok, message } = await credentials.check(project, { id: request.id });
      deps.print(`${message}\n`);
      return ok === false ? 1 : 0;
    }
  }
}

function misused(deps: CredentialsCommandDeps, problem: string): number {
  deps.warn(`${problem}\nSee: tokenrouter credentials --help\n`);
  return 2;
}
