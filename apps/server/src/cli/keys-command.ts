import type { Key, KeySearch } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Project, TraceStore } from '@app/store';
import type { Keys } from '../keys/create-keys.ts';
import { importKey } from './import-key.ts';
import { checkKeys } from './keys-check.ts';
import { keysHelp } from './keys-help.ts';
import { type KeysRequest, readKeysOptions } from './keys-options.ts';
import { writeKeyDetails, writeKeysTable } from './keys-table.ts';
import { writeKeyUsage } from './write-key-usage.ts';

export type KeysCommandDeps = {
  /** Opens what the command works on. Not called when the options cannot be understood. */
  open(): Promise<OpenKeys>;
  /** Reads a file, or standard input when none is named. */
  readInput(file: string | undefined): AsyncIterable<Uint8Array>;
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
  /** Opens where calls are kept. */
  openTraces(): Promise<Pick<TraceStore, 'readKeyUsage'>>;
  close(): Promise<void>;
};

/** Runs `keys ...`. Resolves to the exit status: 0 done, 1 failed or something found, 2 used wrongly. */
export async function runKeysCommand(args: readonly string[], deps: KeysCommandDeps): Promise<number> {
  const request = readKeysOptions(args, deps.nowMs());
  if (request.do === 'help') {
    deps.print(keysHelp);
    return 0;
  }
  if (request.do === 'refuse') return misused(deps, request.problem);
  if (request.do === 'check') return checkKeys(request, deps);
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

type Work = Exclude<KeysRequest, { do: 'help' | 'refuse' | 'check' }>;
type Place = { open: OpenKeys; project: Project; deps: KeysCommandDeps };

async function run(request: Work, place: Place): Promise<number> {
  const { open, project, deps } = place;
  const { keys } = open;
  switch (request.do) {
    case 'create': {
      const { key, secret } = await keys.create(project, request.key);
      deps.warn(`Made ${described(key)} of project ${project.slug}. Keep it now:\n`);
      deps.print(`${secret}\n`);
      return 0;
    }
    case 'import':
      return importKey(request, place);
    case 'list': {
      const all = await listAll(keys, project.id, request.search);
      deps.print(request.json ? asJson(all) : writeKeysTable(all, deps.nowMs()));
      return 0;
    }
    case 'show': {
      const key = await keys.get(project.id, request.id);
      deps.print(request.json ? asJson(key) : writeKeyDetails(key, deps.nowMs()));
      return 0;
    }
    case 'update':
      deps.warn(`Changed ${described(await keys.change(project.id, request))}.\n`);
      return 0;
    case 'rotate': {
      const { key, secret, replaced } = await keys.rotate(project.id, request);
      const end = replaced.revoked_at === null ? `works until ${replaced.expires_at}` : 'works no more';
      deps.warn(`Made ${described(key)} in the place of ${replaced.id}, which ${end}. Keep it now:\n`);
      deps.print(`${secret}\n`);
      return 0;
    }
    case 'revoke': {
      const key = await keys.revoke(project.id, request.id);
      deps.warn(`Revoked ${key.id} "${key.name}".\n`);
      return 0;
    }
    case 'usage':
      return showUsage(request, place);
  }
}

/** Of the keys that were named, or of as many of the newest as are asked for at once. */
async function showUsage(
  { ids, range, json }: Extract<Work, { do: 'usage' }>,
  { open, project, deps }: Place,
): Promise<number> {
  const { keys } = open;
  const named = await Promise.all(ids.map((id) => keys.get(project.id, id)));
  const shown = ids.length > 0 ? named : (await keys.list(project.id, { limit: USAGE_KEYS_MAX })).data;
  const traces = await open.openTraces();
  const question = { keyIds: shown.map((key) => key.id), range, nowMs: deps.nowMs() };
  const usage = await traces.readKeyUsage(project.id, question);
  deps.print(json ? asJson(usage) : writeKeyUsage(shown, usage));
  return 0;
}

const USAGE_KEYS_MAX = 200;

async function listAll(
  keys: Keys,
  projectId: string,
  search: Omit<KeySearch, 'limit' | 'cursor'>,
): Promise<Key[]> {
  const all: Key[] = [];
  let cursor: string | undefined;
  do {
    const page = await keys.list(projectId, { ...search, limit: 200, cursor });
    all.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

const described = (key: Key): string => `${key.id} "${key.name}", ${key.mode} ${key.kind} key`;

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function misused(deps: KeysCommandDeps, problem: string): number {
  deps.warn(`${problem}\nSee: tokenrouter keys --help\n`);
  return 2;
}
