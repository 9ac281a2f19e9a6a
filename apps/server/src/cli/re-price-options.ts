import { parseArgs } from 'node:util';

/** What a command line asks for, or why it cannot be understood, as a sentence that names the option. */
export type RePriceRequest =
  | {
      do: 'run';
      from: string;
      to: string | undefined;
      apply: boolean;
      json: boolean;
      /** Every project of this organization; else one project of it. */
      organization: string;
      project: string | undefined;
    }
  | { do: 'help' }
  | { do: 'refuse'; problem: string };

/** Reads what follows `tokenrouter re-price`. */
export function readRePriceOptions(args: readonly string[]): RePriceRequest {
  if (args.length === 0 || args.some((arg) => ['help', '--help', '-h'].includes(arg))) return { do: 'help' };
  try {
    const { values } = parseArgs({ args: [...args], options });
    const { apply, json, org: organization } = values;
    if (values.from === undefined)
      return { do: 'refuse', problem: '--from: name the day at which it begins.' };
    const from = readTime(values.from);
    const to = values.to === undefined ? undefined : readTime(values.to);
    if (from === undefined) return refuse('--from', values.from);
    if (to === undefined && values.to !== undefined) return refuse('--to', values.to);
    if (values['all-projects'] && values.project !== undefined)
      return { do: 'refuse', problem: '--all-projects: leave --project out.' };
    const project = values['all-projects'] ? undefined : (values.project ?? 'default');
    return { do: 'run', from, to, apply, json, organization, project };
  } catch (error) {
    // The parser's own sentences name the option.
    if (error instanceof TypeError && 'code' in error) return { do: 'refuse', problem: error.message };
    throw error;
  }
}

const flag = { type: 'boolean', default: false } as const;
const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  project: { type: 'string' },
  org: { type: 'string', default: 'default' },
  'all-projects': flag,
  apply: flag,
  json: flag,
} as const;

/** A day begins at midnight UTC. */
function readTime(text: string): string | undefined {
  const isTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const ms = isTime ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

function refuse(option: string, text: string): RePriceRequest {
  const problem = `${option}: "${text}" is neither a day such as 2026-05-01 nor a time such as 2026-05-01T12:00:00Z.`;
  return { do: 'refuse', problem };
}
