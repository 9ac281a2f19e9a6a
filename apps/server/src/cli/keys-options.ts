import { parseArgs } from 'node:util';
import { type KeyChange, type KeyRotation, KeySearch, KeyUsageRange, type NewKey } from '@app/contract';
import { parseExpiry, parseLengthMs } from '../keys/parse-expiry.ts';
import { fieldOptions, freeOptions, newKeyOptions, readKeyChange, readNewKey } from './key-fields.ts';

type Search = Omit<KeySearch, 'limit' | 'cursor'>;

/** What a command line asks for, or why it cannot be understood, as a sentence that names the option. */
export type KeysRequest =
  | { do: 'create'; project: string; key: NewKey }
  | { do: 'import'; project: string; key: NewKey; file: string | undefined }
  | { do: 'list'; project: string; json: boolean; search: Search }
  | { do: 'show'; project: string; json: boolean; id: string }
  | { do: 'update'; project: string; id: string; change: KeyChange }
  | { do: 'rotate'; project: string; id: string; rotation: KeyRotation }
  | { do: 'revoke'; project: string; id: string }
  | { do: 'usage'; project: string; json: boolean; ids: string[]; range: KeyUsageRange }
  | { do: 'check'; json: boolean; looksUp: boolean; files: string[] }
  | { do: 'help' }
  | { do: 'refuse'; problem: string };

const common = {
  project: { type: 'string', default: 'default' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;
const json = { type: 'boolean', default: false } as const;

const readers: { [action: string]: (args: string[], nowMs: number) => KeysRequest } = {
  create: readCreate,
  import: readImport,
  list: readList,
  show: readShow,
  update: readUpdate,
  rotate: readRotate,
  revoke: readRevoke,
  usage: readUsage,
  check: readCheck,
};

/** Reads what follows `tokenrouter keys`. */
export function readKeysOptions(args: readonly string[], nowMs: number): KeysRequest {
  const [action, ...rest] = args;
  if (action === undefined || ['help', '--help', '-h'].includes(action)) return { do: 'help' };
  const read = Object.hasOwn(readers, action) ? readers[action] : undefined;
  if (read === undefined) {
    return refuse(`There is no command "keys ${action}"; use ${Object.keys(readers).join(', ')}.`);
  }
  if (rest.includes('--help') || rest.includes('-h')) return { do: 'help' };
  try {
    return read(rest, nowMs);
  } catch (error) {
    // The parser's own sentences name the option.
    if (error instanceof TypeError && 'code' in error) return refuse(error.message);
    throw error;
  }
}

function readCreate(args: string[], nowMs: number): KeysRequest {
  const { values } = parseArgs({ args, options: { ...common, ...newKeyOptions } });
  const read = readNewKey(values, nowMs);
  return read.ok ? { do: 'create', project: values.project, key: read.value } : refuse(read.problem);
}

function readImport(args: string[], nowMs: number): KeysRequest {
  const { kind: _, ...options } = newKeyOptions;
  const { values } = parseArgs({ args, options: { ...common, ...options, file: { type: 'string' } } });
  const read = readNewKey(values, nowMs);
  if (!read.ok) return refuse(read.problem);
  // What was not said is told by the key's prefix, so no default may stand in for it.
  const { mode: __, kind: ___, ...rest } = read.value;
  const key = values.mode === undefined ? rest : { ...rest, mode: read.value.mode };
  return { do: 'import', project: values.project, key, file: values.file };
}

function readList(args: string[], nowMs: number): KeysRequest {
  const text = { type: 'string' } as const;
  const options = {
    name: text,
    kind: text,
    mode: text,
    status: text,
    owner: text,
    tag: text,
    'unused-since': text,
  };
  const { values } = parseArgs({ args, options: { ...common, ...options, json } });
  const { project, json: isJson, help: _, 'unused-since': since, ...rest } = values;
  const unused = since === undefined ? undefined : timeBefore(since, nowMs);
  if (since !== undefined && unused === undefined) {
    return refuse(
      '--unused-since is a time like 2030-01-31T00:00:00Z, or a length of time until now, like 30d.',
    );
  }
  const parsed = KeySearch.omit({ limit: true, cursor: true }).safeParse({ ...rest, unused_since: unused });
  if (parsed.success) return { do: 'list', project, json: isJson, search: parsed.data };
  const [issue] = parsed.error.issues;
  return refuse(`--${String(issue?.path[0])}: ${issue?.message}.`);
}

function timeBefore(text: string, nowMs: number): string | undefined {
  const lengthMs = parseLengthMs(text);
  const atMs = lengthMs === undefined ? Date.parse(text) : nowMs - lengthMs;
  return Number.isNaN(atMs) ? undefined : new Date(atMs).toISOString();
}

function readShow(args: string[]): KeysRequest {
  const { values, positionals } = parseArgs({ args, options: { ...common, json }, allowPositionals: true });
  return withId('show', positionals, (id) => ({
    do: 'show',
    project: values.project,
    json: values.json,
    id,
  }));
}

function readUpdate(args: string[], nowMs: number): KeysRequest {
  const options = { ...common, ...fieldOptions, ...freeOptions };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  return withId('update', positionals, (id) => {
    const read = readKeyChange(values, nowMs);
    return read.ok ? { do: 'update', project: values.project, id, change: read.value } : refuse(read.problem);
  });
}

function readRotate(args: string[], nowMs: number): KeysRequest {
  const options = {
    ...common,
    overlap: { type: 'string', default: '24h' },
    expires: { type: 'string' },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  return withId('rotate', positionals, (id) => {
    const overlapMs = values.overlap === '0' ? 0 : parseLengthMs(values.overlap);
    if (overlapMs === undefined || overlapMs > OVERLAP_MS_MAX) {
      return refuse(
        '--overlap is a length of time such as 30m, 24h or 7d, at most 90d; 0 ends the old key at once.',
      );
    }
    const expiry =
      values.expires === undefined || values.expires === 'never'
        ? undefined
        : parseExpiry(values.expires, nowMs);
    if (expiry?.ok === false) return refuse(`--expires: ${expiry.problem}.`);
    const rotation: KeyRotation = { overlap_seconds: overlapMs / 1_000 };
    if (values.expires === 'never') rotation.expires_at = null;
    if (expiry !== undefined) rotation.expires_at = new Date(expiry.expiresAtMs).toISOString();
    return { do: 'rotate', project: values.project, id, rotation };
  });
}

const OVERLAP_MS_MAX = 90 * 86_400_000;

function readRevoke(args: string[]): KeysRequest {
  const { values, positionals } = parseArgs({ args, options: common, allowPositionals: true });
  return withId('revoke', positionals, (id) => ({ do: 'revoke', project: values.project, id }));
}

function readUsage(args: string[]): KeysRequest {
  const options = { ...common, json, range: { type: 'string', default: '24h' } } as const;
  const { values, positionals: ids } = parseArgs({ args, options, allowPositionals: true });
  const range = KeyUsageRange.safeParse(values.range);
  if (!range.success) return refuse(`--range is ${KeyUsageRange.options.join(', ')}.`);
  return { do: 'usage', project: values.project, json: values.json, ids, range: range.data };
}

function readCheck(args: string[]): KeysRequest {
  const options = { json, 'look-up': { type: 'boolean', default: false } } as const;
  const { values, positionals: files } = parseArgs({ args, options, allowPositionals: true });
  return { do: 'check', json: values.json, looksUp: values['look-up'], files };
}

function withId(action: string, positionals: string[], make: (id: string) => KeysRequest): KeysRequest {
  const [id, ...more] = positionals;
  if (id === undefined) return refuse(`Say which key: keys ${action} ID. "keys list" shows the ids.`);
  return more.length > 0 ? refuse(`Name one key; "keys ${action}" does one at a time.`) : make(id);
}

function refuse(problem: string): KeysRequest {
  return { do: 'refuse', problem };
}
