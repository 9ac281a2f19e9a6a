import { parseArgs } from 'node:util';
import { NewBudget, NewLimit } from '@app/contract';
import type { z } from 'zod';

/** Which limits: a project's, or those over the whole organization that the project belongs to. */
export type LimitsOf = { project: string; isWhole: boolean };

type Refused = { do: 'refuse'; problem: string };

/** What a command line asks for, or why it cannot be understood, as a sentence that names the option. */
export type LimitsRequest =
  | ({ do: 'create'; limit: NewLimit } & LimitsOf)
  | ({ do: 'list'; json: boolean } & LimitsOf)
  | ({ do: 'delete'; id: string } & LimitsOf)
  | { do: 'help' }
  | Refused;

export type BudgetsRequest =
  | ({ do: 'create'; budget: NewBudget } & LimitsOf)
  | ({ do: 'list'; json: boolean } & LimitsOf)
  | ({ do: 'show'; id: string; json: boolean } & LimitsOf)
  | ({ do: 'grant'; id: string; grant: { amount_usd: string; subject?: string; reason?: string } } & LimitsOf)
  | ({ do: 'delete'; id: string } & LimitsOf)
  | { do: 'help' }
  | Refused;

const shared = {
  project: { type: 'string', default: 'default' },
  'whole-organization': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;
const json = { json: { type: 'boolean', default: false } } as const;
const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

/** Reads what follows `tokenrouter limits`. */
export function readLimitsOptions(args: readonly string[]): LimitsRequest {
  const [action, ...rest] = args;
  return guarded(action, () => {
    if (action === 'create') return readLimit(rest);
    if (action === 'list') return readList(rest);
    if (action === 'delete') return readOne('limits delete', rest, 'delete');
    return refuse(`There is no command "limits ${action}"; use create, list or delete.`);
  });
}

/** Reads what follows `tokenrouter budgets`. */
export function readBudgetsOptions(args: readonly string[]): BudgetsRequest {
  const [action, ...rest] = args;
  return guarded<BudgetsRequest>(action, () => {
    if (action === 'create') return readBudget(rest);
    if (action === 'list') return readList(rest);
    if (action === 'show') return readShow(rest);
    if (action === 'grant') return readGrant(rest);
    if (action === 'delete') return readOne('budgets delete', rest, 'delete');
    return refuse(`There is no command "budgets ${action}"; use create, list, show, grant or delete.`);
  });
}

function guarded<Request>(
  action: string | undefined,
  read: () => Request,
): Request | { do: 'help' } | Refused {
  if (action === undefined || ['help', '--help', '-h'].includes(action)) return { do: 'help' };
  try {
    return read();
  } catch (error) {
    // The parser's own sentences name the option.
    if (error instanceof TypeError && 'code' in error) return refuse(error.message);
    throw error;
  }
}

function readLimit(args: string[]): LimitsRequest {
  const options = {
    ...shared,
    name: text,
    scope: text,
    measure: text,
    period: text,
    max: text,
    shadow: flag,
  };
  const { values } = parseArgs({ args, options: { ...options, 'max-usd': text } });
  if (values.help) return { do: 'help' };
  const of = limitsOf(values);
  const parsed = NewLimit.safeParse({
    name: values.name,
    scope: scopeOf(values.scope, of),
    measure: values.measure,
    period: values.period,
    max: values.max === undefined ? undefined : Number(values.max),
    max_usd: values['max-usd'],
    enforcement: values.shadow ? 'shadow' : 'enforce',
  });
  return parsed.success ? { do: 'create', ...of, limit: parsed.data } : refuse(remedyOf(parsed.error));
}

function readBudget(args: string[]): BudgetsRequest {
  const { values } = parseArgs({
    args,
    options: {
      ...{ ...shared, name: text, scope: text, amount: text, period: text, route: text, ask: flag },
      ...{ warn: text, strict: flag, 'carry-over': flag, shadow: flag, owner: text },
    },
  });
  if (values.help) return { do: 'help' };
  if (values.ask && values.route !== undefined) return refuse('Give --ask or --route, not both.');
  const of = limitsOf(values);
  const action =
    values.route === undefined
      ? { kind: values.ask ? 'ask' : 'block' }
      : { kind: 'route', model: values.route };
  const parsed = NewBudget.safeParse({
    name: values.name,
    scope: scopeOf(values.scope, of),
    amount_usd: values.amount,
    period: values.period,
    action,
    warn_percents: values.warn?.split(',').filter(Boolean).map(Number),
    mode: values.strict ? 'strict' : 'normal',
    carry_over: values['carry-over'],
    enforcement: values.shadow ? 'shadow' : 'enforce',
    owner: values.owner,
  });
  return parsed.success ? { do: 'create', ...of, budget: parsed.data } : refuse(remedyOf(parsed.error));
}

function readList(args: string[]) {
  const { values } = parseArgs({ args, options: { ...shared, ...json } });
  if (values.help) return { do: 'help' } as const;
  return { do: 'list', json: values.json, ...limitsOf(values) } as const;
}

function readOne(command: string, args: string[], action: 'delete') {
  const { values, positionals } = parseArgs({ args, options: shared, allowPositionals: true });
  if (values.help) return { do: 'help' } as const;
  const id = onlyOne(positionals);
  if (id === undefined) return refuse(`Say which one: ${command} ID. "list" shows the ids.`);
  return { do: action, id, ...limitsOf(values) } as const;
}

function readShow(args: string[]): BudgetsRequest {
  const { values, positionals } = parseArgs({
    args,
    options: { ...shared, ...json },
    allowPositionals: true,
  });
  if (values.help) return { do: 'help' };
  const id = onlyOne(positionals);
  if (id === undefined) return refuse('Say which budget: budgets show ID. "budgets list" shows the ids.');
  return { do: 'show', id, json: values.json, ...limitsOf(values) };
}

function readGrant(args: string[]): BudgetsRequest {
  const options = { ...shared, amount: text, for: text, reason: text };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) return { do: 'help' };
  const id = onlyOne(positionals);
  if (id === undefined) return refuse('Say which budget: budgets grant ID --amount USD.');
  if (values.amount === undefined || !/^\d{1,6}(\.\d{1,9})?$/.test(values.amount))
    return refuse('--amount is US dollars as a decimal, such as --amount 25.00.');
  const grant = {
    amount_usd: values.amount,
    ...(values.for === undefined ? {} : { subject: values.for }),
    ...(values.reason === undefined ? {} : { reason: values.reason }),
  };
  return { do: 'grant', id, grant, ...limitsOf(values) };
}

function limitsOf(values: { project: string; 'whole-organization': boolean }): LimitsOf {
  return { project: values.project, isWhole: values['whole-organization'] };
}

/** `user`, `user:ann` or `model:openai/small`; without one, everything of the project or the organization. */
function scopeOf(given: string | undefined, { isWhole }: LimitsOf): object {
  if (given === undefined) return { kind: isWhole ? 'organization' : 'project' };
  const colon = given.indexOf(':');
  return colon < 0 ? { kind: given } : { kind: given.slice(0, colon), id: given.slice(colon + 1) };
}

function onlyOne(positionals: readonly string[]): string | undefined {
  return positionals.length === 1 ? positionals[0] : undefined;
}

const remedies = new Map([
  ['name', '--name is needed, 1 to 128 characters: as messages shall call it.'],
  ['scope', '--scope is KIND or KIND:ID, where KIND is organization, project, key, user, model or tag.'],
  ['measure', '--measure is requests, input_tokens, output_tokens, tokens, concurrency or cost.'],
  ['period', '--period is minute, hour, day or month; of a budget day or month.'],
  ['max', '--max is a whole number from 0 on.'],
  ['max_usd', '--max-usd is US dollars as a decimal, such as 25.00.'],
  ['amount_usd', '--amount is US dollars as a decimal, such as 250.00.'],
  ['action', '--route names a model that can be called.'],
  ['warn_percents', '--warn is percents from 1 to 100 with commas, such as 50,80,95.'],
  ['owner', '--owner has 1 to 254 characters: an e-mail address or a name.'],
]);

function remedyOf(error: z.ZodError): string {
  const field = String(error.issues[0]?.path[0]);
  return remedies.get(field) ?? `The option for ${field} cannot be used.`;
}

function refuse(problem: string): Refused {
  return { do: 'refuse', problem };
}
