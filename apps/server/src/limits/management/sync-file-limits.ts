import { NewBudget } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { InsertLimit, RelationalStore, StoredLimit } from '@app/store';
import { ConfigError } from '../../config/config-error.ts';
import type { BudgetEntry, LimitEntry } from '../../config/limit-fields.ts';
import type { LimitPlace } from './limit-place.ts';
import { readBound, readPeriod } from './read-bound.ts';
import { readBudget } from './read-budget.ts';
import { readScope } from './read-scope.ts';

export type FileLimitsDeps = {
  limits: Pick<
    RelationalStore['limits'],
    'listFileLimits' | 'upsertFileLimit' | 'deleteFileLimits' | 'findOrganizationKey'
  >;
  tenants: Pick<RelationalStore['tenants'], 'findOrganizationBySlug' | 'findProject' | 'findProjectBySlug'>;
  /** Whether calls can be sent to a model of this name. */
  hasModel: (name: string) => boolean;
  nowMs: () => number;
};

type FileRow = Omit<InsertLimit, 'source' | 'createdBy'>;

/**
 * Brings the limits and budgets of the configuration file to PostgreSQL, where all servers follow them, and ends those
 * that the file no longer names. Throws a `ConfigError` for what cannot be, and for an id that the API gave away.
 */
export async function syncFileLimits(
  deps: FileLimitsDeps,
  file: { limits: readonly LimitEntry[]; budgets: readonly BudgetEntry[] },
): Promise<void> {
  const problems: string[] = [];
  const wanted: { organizationId: string; row: FileRow }[] = [];
  const read = async (label: string, entry: LimitEntry | BudgetEntry) => {
    try {
      const place = await findPlace(deps, entry);
      const row =
        'measure' in entry ? await limitRow(deps, place, entry) : await budgetRow(deps, place, entry);
      wanted.push({ organizationId: place.organizationId, row });
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      problems.push(`${label} "${entry.id}": ${error.message}`);
    }
  };
  for (const entry of file.limits) await read('limits:', entry);
  for (const entry of file.budgets) await read('budgets:', entry);
  const kept = await deps.limits.listFileLimits({ ids: wanted.map(({ row }) => row.id) });
  for (const { id, source } of kept) {
    if (source === 'api')
      problems.push(
        `"${id}" is the id of a limit that was made over the API; give the one in the file another`,
      );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  await write(deps, wanted, kept);
}

async function write(
  { limits, nowMs }: FileLimitsDeps,
  wanted: readonly { organizationId: string; row: FileRow }[],
  kept: readonly StoredLimit[],
): Promise<void> {
  const ids = new Set(wanted.map(({ row }) => row.id));
  const gone = kept.filter(({ id }) => !ids.has(id)).map(({ id }) => id);
  if (gone.length > 0) await limits.deleteFileLimits({ ids: gone, deletedAtMs: nowMs() });
  for (const { organizationId, row } of wanted) {
    const known = kept.find(({ id }) => id === row.id);
    if (known !== undefined && isSame(known, organizationId, row)) continue;
    if (await limits.upsertFileLimit(organizationId, row)) continue;
    throw new ConfigError([
      `"${row.id}" belongs to another organization, or was made over the API; give the one in the file another id`,
    ]);
  }
}

function isSame(known: StoredLimit, organizationId: string, row: FileRow): boolean {
  const { zone: _, source: __, createdBy: ___, createdAtMs: ____, ...rest } = known;
  const { createdAtMs: _____, ...given } = { ...row, organizationId };
  const sorted = (value: object) =>
    JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(rest) === sorted(given);
}

async function findPlace(
  { tenants }: FileLimitsDeps,
  { organization, project }: { organization: string; project?: string | undefined },
): Promise<LimitPlace> {
  const found = await tenants.findOrganizationBySlug({ slug: organization });
  if (found === undefined) throw missing('organization', organization);
  if (project === undefined) return { organizationId: found.id, projectId: undefined };
  const inside = await tenants.findProjectBySlug(found.id, { slug: project });
  if (inside === undefined) throw missing('project', project);
  return { organizationId: found.id, projectId: inside.id };
}

async function limitRow(deps: FileLimitsDeps, place: LimitPlace, entry: LimitEntry): Promise<FileRow> {
  return {
    id: entry.id,
    projectId: place.projectId,
    name: entry.name ?? entry.id,
    scope: await readScope(deps, place, entry.scope),
    measure: entry.measure,
    period: readPeriod(entry.measure, entry.period),
    max: readBound(entry.measure, entry),
    enforcement: entry.enforcement,
    budget: undefined,
    createdAtMs: deps.nowMs(),
  };
}

async function budgetRow(
  deps: FileLimitsDeps,
  place: LimitPlace,
  { id, name = id, organization: _, project: __, ...entry }: BudgetEntry,
): Promise<FileRow> {
  const read = await readBudget(deps, place, NewBudget.parse({ ...entry, name }));
  return { ...read, id, projectId: place.projectId, createdAtMs: deps.nowMs() };
}

function missing(field: string, slug: string): GatewayError {
  const message = `${field}: there is no ${field} "${slug}"; make it first or correct the name`;
  return new GatewayError('invalid_parameter', message, { param: field });
}
