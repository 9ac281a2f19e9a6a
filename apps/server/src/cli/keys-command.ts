import type { Key } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Project } from '@app/store';
import type { Keys } from '../keys/create-keys.ts';
import { type KeysRequest, readKeysOptions } from './keys-options.ts';
import { writeKeysTable } from './keys-table.ts';

export type KeysCommandDeps = {
  /** Opens what the command works on. Not called when the options cannot be understood. */
  open(): Promise<OpenKeys>;
  /** Standard output: what a script reads. */
  print(text: string): void;
  /** Standard error: what a person reads. */
  warn(text: string): void;
  nowMs: () => number;
};

export type OpenKeys = {
  keys: Keys;
  /** A project by slug or id. */
  findProject(name: string): Promise<Project | undefined>;
  close(): Promise<void>;
};

const keysUsage = `tokenrouter keys: API keys, also while no server runs

  keys create --name NAME     make a key and print it, once, alone on standard output
      --mode live|test        test keys are answered by the built-in sandbox (default: live)
      --kind gateway|ingest   gateway keys call models, ingest keys send traces (default: gateway)
      --permission NAME       what the key may do; repeat it for several
                              (default: inference:call models:read responses:read)
      --environment NAME      (default: production for live keys, development for test keys)
      --expires TIME          a time like 2030-01-31T00:00:00Z, or from now, like 90d, 12h or 30m
  keys list                   show the keys, newest first
      --json                  as JSON
  keys revoke ID              take a key back for good

      --project NAME          slug or id of the project, for all of them (default: default)

The key is never shown again: TokenRouter keeps only a digest of it.
`;

/** Runs \`keys create|list|revoke\`. Resolves to the exit status: 0 done, 1 failed, 2 used wrongly. */
export async function runKeysCommand(args: readonly string[], deps: KeysCommandDeps): Promise<number> {
  const request = readKeysOptions(args, deps.nowMs());
  if (request.do === 'help') {
    deps.print(keysUsage);
    return 0;
  }
  if (request.do === 'refuse') return misused(deps, request.problem);
  const open = await deps.open();
  try {
    const project = await open.findProject(request.project);
    if (project === undefined) return misused(deps, `--project: there is no project "${request.project}".`);
    return await run(request, { open, project, deps });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    deps.warn(`${error.message}\n`);
    return error.status === 400 ? 2 : 1;
  } finally {
    await open.close();
  }
}

type Work = Exclude<KeysRequest, { do: 'help' | 'refuse' }>;

async function run(
  request: Work,
  { open, project, deps }: { open: OpenKeys; project: Project; deps: KeysCommandDeps },
): Promise<number> {
  const { keys } = open;
  if (request.do === 'create') {
    const { key, secret } = await keys.create(project, request.key);
    deps.warn(
      `Made ${key.id} "${key.name}", ${key.mode} ${key.kind} key of project ${project.slug}. Keep it now:\n`,
    );
    deps.print(`${secret}\n`);
  } else if (request.do === 'list') {
    const all = await listAll(keys, project.id);
    deps.print(request.json ? `${JSON.stringify(all, null, 2)}\n` : writeKeysTable(all, deps.nowMs()));
  } else {
    const key = await keys.revoke(project.id, request.id);
    deps.warn(`Revoked ${key.id} "${key.name}".\n`);
  }
  return 0;
}

async function listAll(keys: Keys, projectId: string): Promise<Key[]> {
  const all: Key[] = [];
  let cursor: string | undefined;
  do {
    const page = await keys.list(projectId, { limit: 200, cursor });
    all.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

function misused(deps: KeysCommandDeps, problem: string): number {
  deps.warn(`${problem}\nSee: tokenrouter keys --help\n`);
  return 2;
}
