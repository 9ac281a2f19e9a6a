import { parseArgs } from 'node:util';
import { AuditAction } from '@app/contract';

type Place = {
  /** By slug or id; undefined for all that there are. */
  organization: string | undefined;
  isInstallation: boolean;
};

export type AuditRequest =
  | { do: 'help' }
  | { do: 'refuse'; problem: string }
  | ({ do: 'verify'; anchors: string | undefined; json: boolean } & Place)
  | ({
      do: 'list';
      action: AuditAction | undefined;
      actor: string | undefined;
      limit: number;
      json: boolean;
    } & Place)
  | ({ do: 'export' } & Place)
  | ({ do: 'prune'; beforeMs: number } & Place);

const place = {
  organization: { type: 'string' },
  org: { type: 'string' },
  installation: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;
const json = { type: 'boolean', default: false } as const;
const OPTIONS = {
  verify: { ...place, json, anchors: { type: 'string' } },
  list: { ...place, json, action: { type: 'string' }, actor: { type: 'string' }, limit: { type: 'string' } },
  export: place,
  prune: { ...place, before: { type: 'string' } },
} as const;

/** What `tokenrouter audit ...` asks for. */
export function readAuditOptions(args: readonly string[]): AuditRequest {
  const [verb = 'help', ...rest] = args;
  if (['help', '--help', '-h'].includes(verb)) return { do: 'help' };
  if (!isVerb(verb)) return refuse(`There is no "audit ${verb}".`);
  try {
    return readOf(verb, rest);
  } catch (error) {
    if (error instanceof TypeError && 'code' in error) return refuse(error.message);
    throw error;
  }
}

const isVerb = (text: string): text is keyof typeof OPTIONS => Object.hasOwn(OPTIONS, text);

function readOf(verb: keyof typeof OPTIONS, args: readonly string[]): AuditRequest {
  const { values } = parseArgs({ args: [...args], options: OPTIONS[verb] });
  const text = (name: string): string | undefined => {
    const value: unknown = Reflect.get(values, name);
    return typeof value === 'string' ? value : undefined;
  };
  const isGiven = (name: string): boolean => Reflect.get(values, name) === true;
  if (isGiven('help')) return { do: 'help' };
  const organization = text('organization') ?? text('org');
  const isInstallation = isGiven('installation');
  if (organization !== undefined && isInstallation) {
    return refuse('--organization and --installation contradict each other.');
  }
  const where = { organization, isInstallation };
  switch (verb) {
    case 'verify':
      return { do: 'verify', ...where, anchors: text('anchors'), json: isGiven('json') };
    case 'export':
      return { do: 'export', ...where };
    case 'prune':
      return readPrune(text('before'), where);
    case 'list':
      return readList(
        { action: text('action'), actor: text('actor'), limit: text('limit') },
        isGiven('json'),
        where,
      );
  }
}

function readPrune(before: string | undefined, where: Place): AuditRequest {
  const beforeMs = before === undefined ? Number.NaN : Date.parse(before);
  if (before === undefined || !/^\d{4}-\d{2}-\d{2}/.test(before) || Number.isNaN(beforeMs)) {
    return refuse('--before: give a day in UTC, such as 2025-12-31.');
  }
  return { do: 'prune', beforeMs, ...where };
}

type ListTexts = { action: string | undefined; actor: string | undefined; limit: string | undefined };

function readList(
  { action: named, actor, limit = '50' }: ListTexts,
  asJson: boolean,
  where: Place,
): AuditRequest {
  const action = AuditAction.optional().safeParse(named);
  if (!action.success) return refuse(`--action: there is no action "${named}".`);
  const count = /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
  if (count < 1 || count > 200) return refuse('--limit: give a number from 1 to 200.');
  return { do: 'list', action: action.data, actor, limit: count, json: asJson, ...where };
}

function refuse(problem: string): AuditRequest {
  return { do: 'refuse', problem };
}
