import { parseArgs } from 'node:util';
import { DataFilter, RetentionChange } from '@app/contract';

type Place = { organization: string; project: string };

/** What a command line asks for, or why it cannot be understood, as a sentence that names the option. */
export type DataRequest =
  | ({ do: 'export'; filter: DataFilter } & Place)
  | ({ do: 'delete'; filter: DataFilter; isDryRun: boolean } & Place)
  | ({ do: 'retention'; change: RetentionChange } & Place)
  | { do: 'verify-receipt'; receipt: string; key: string }
  | { do: 'help' }
  | { do: 'refuse'; problem: string };

const text = { type: 'string' } as const;
const place = { org: { ...text, default: 'default' }, project: { ...text, default: 'default' } } as const;
const filter = { user: text, session: text, tag: text, trace: text, from: text, to: text } as const;
const retention = {
  'contents-days': text,
  'traces-days': text,
  'responses-days': text,
  'conversations-days': text,
  'contents-bytes': text,
} as const;

/** Reads what follows `tokenrouter data`. */
export function readDataOptions([name = 'help', ...args]: readonly string[]): DataRequest {
  if (['help', '--help', '-h'].includes(name) || args.some((arg) => ['--help', '-h'].includes(arg)))
    return { do: 'help' };
  try {
    if (name === 'export') return readExport(args);
    if (name === 'delete') return readDelete(args);
    if (name === 'retention') return readRetention(args);
    if (name === 'verify-receipt') return readVerify(args);
    return { do: 'refuse', problem: `There is no "data ${name}".` };
  } catch (error) {
    // The parser's own sentences name the option.
    if (error instanceof TypeError && 'code' in error) return { do: 'refuse', problem: error.message };
    throw error;
  }
}

function readExport(args: string[]): DataRequest {
  const { values } = parseArgs({ args, options: { ...place, ...filter } });
  const read = readFilter(values);
  if (typeof read === 'string') return { do: 'refuse', problem: read };
  if (read.trace_id !== undefined)
    return { do: 'refuse', problem: '--trace: an export is not narrowed down by it.' };
  return { do: 'export', filter: read, organization: values.org, project: values.project };
}

function readDelete(args: string[]): DataRequest {
  const options = { ...place, ...filter, 'dry-run': { type: 'boolean', default: false } } as const;
  const { values } = parseArgs({ args, options });
  const read = readFilter(values);
  if (typeof read === 'string') return { do: 'refuse', problem: read };
  const isDryRun = values['dry-run'];
  return { do: 'delete', filter: read, isDryRun, organization: values.org, project: values.project };
}

type Named = { [name in keyof typeof filter]?: string | undefined };

/** A day begins at midnight UTC. */
function readFilter({ user, session, tag, trace, from, to }: Named): DataFilter | string {
  const timeOf = (day: string | undefined) =>
    day !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T00:00:00Z` : day;
  const given = { user, session, tag, trace_id: trace, from: timeOf(from), to: timeOf(to) };
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  const read = DataFilter.safeParse(Object.fromEntries(named));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  return `--${String(issue?.path[0] ?? '').replace('trace_id', 'trace')}: ${issue?.message ?? 'cannot be read'}`;
}

function readRetention(args: string[]): DataRequest {
  const { values } = parseArgs({ args, options: { ...place, ...retention } });
  const given = {
    contents_days: numberOf(values['contents-days']),
    traces_days: numberOf(values['traces-days']),
    responses_days: numberOf(values['responses-days']),
    conversations_days: numberOf(values['conversations-days']),
    contents_bytes_max: numberOf(values['contents-bytes']),
  };
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  const read = RetentionChange.safeParse(Object.fromEntries(named));
  if (read.success)
    return { do: 'retention', change: read.data, organization: values.org, project: values.project };
  const [issue] = read.error.issues;
  return {
    do: 'refuse',
    problem: `--${String(issue?.path[0] ?? '').replaceAll('_', '-')}: ${issue?.message}`,
  };
}

function numberOf(value: string | undefined): number | null | undefined {
  if (value === undefined) return undefined;
  return value === 'forever' ? null : Number(value);
}

function readVerify(args: string[]): DataRequest {
  const { values, positionals } = parseArgs({ args, options: { key: text }, allowPositionals: true });
  const [receipt, ...more] = positionals;
  if (receipt === undefined || more.length > 0)
    return { do: 'refuse', problem: 'Name one file with a receipt.' };
  if (values.key === undefined) return { do: 'refuse', problem: '--key: name the file with the public key.' };
  return { do: 'verify-receipt', receipt, key: values.key };
}
