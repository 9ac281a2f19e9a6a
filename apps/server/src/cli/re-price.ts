import { randomBytes } from 'node:crypto';
import type { Repricing } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Project, RelationalStore } from '@app/store';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { newId } from '../ids.ts';
import { createFindPrice } from '../prices/create-find-price.ts';
import { createRepricings, type Repricings } from '../prices/create-repricings.ts';
import { openSecrets } from '../start/open-secrets.ts';
import { readModels } from '../start/read-models.ts';
import { openCliStore } from './open-cli-store.ts';
import { type RePriceRequest, readRePriceOptions } from './re-price-options.ts';
import type { World } from './world.ts';
import { writeRepricing } from './write-repricing.ts';

const usage = `tokenrouter re-price: prices calls of the past again, with the prices of their day or your own

  re-price --from DAY       calls that began on that day or later, such as 2026-05-01, in UTC
      --to DAY              and before this one (default: until now)
      --apply               change their costs; without it nothing is changed, and the report is the same
      --project PROJECT     (default: default)
      --all-projects        every project of the organization, one after the other
      --org ORG             (default: default)
      --json

A range that was interrupted is finished by the server when it runs, or by the next command.
`;

/** `tokenrouter re-price ...`, while the server runs and when it does not. Resolves to the exit status. */
export async function runRePrice(args: readonly string[], world: World): Promise<number> {
  const request = readRePriceOptions(args);
  if (request.do === 'help') {
    world.print(usage);
    return 0;
  }
  if (request.do === 'refuse') {
    world.warn(`${request.problem}\n\n${usage}`);
    return 2;
  }
  const open = await openRePrice(world);
  try {
    return await runAll(request, open, world);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    world.warn(`${error.message}\n`);
    return error.status === 400 ? 2 : 1;
  } finally {
    await open.close();
  }
}

type Work = Extract<RePriceRequest, { do: 'run' }>;
type OpenRePrice = { repricings: Repricings; store: RelationalStore; close(): Promise<void> };

async function openRePrice(world: World): Promise<OpenRePrice> {
  const config = readConfig(world.variables, readTextFile);
  const silent = () => undefined;
  const log = { info: silent, warn: silent, error: (_: unknown, text: string) => world.warn(`${text}\n`) };
  const { store, openTraces, close } = await openCliStore(config, log, world.keepStore);
  try {
    const diskKey = async () => (await openSecrets(config, world.variables)).dataKeys['clickhouse-disk'];
    const ids = { nowMs: () => Date.now(), randomBytes };
    let shownAtMs = 0;
    const repricings = createRepricings({
      repricings: store.repricings,
      traces: await openTraces(diskKey),
      findPrice: createFindPrice(readModels(config)),
      breathe: async () => undefined,
      isStopping: () => false,
      onProgress: ({ calls }) => {
        if (ids.nowMs() - shownAtMs < PROGRESS_EVERY_MS) return;
        shownAtMs = ids.nowMs();
        world.warn(`${calls.toLocaleString('en-US')} calls are done.\n`);
      },
      serverId: newId('cli_', ids),
      ids,
    });
    return { repricings, store, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const PROGRESS_EVERY_MS = 2_000;

async function runAll(request: Work, { repricings, store }: OpenRePrice, world: World): Promise<number> {
  const reports: { project: string; report: Repricing }[] = [];
  const { from, to, apply } = request;
  for (const project of await findProjects(request, store)) {
    const asked = { from, ...(to === undefined ? {} : { to }), apply, requestedBy: undefined };
    const ended = await repricings.run(await repricings.begin(project, asked));
    const report = await repricings.get(project.id, ended.id);
    reports.push({ project: project.slug, report });
    if (!request.json) world.print(writeRepricing(project.slug, report));
  }
  if (request.json) world.print(`${JSON.stringify(reports, null, 2)}\n`);
  return reports.every(({ report }) => report.status === 'done') ? 0 : 1;
}

async function findProjects(
  { organization: name, project }: Work,
  { tenants }: RelationalStore,
): Promise<(Pick<Project, 'id' | 'organizationId'> & { slug: string })[]> {
  const organization = await tenants.findOrganization({ name });
  if (organization === undefined) throw missing(`There is no organization "${name}".`);
  if (project === undefined) {
    const all = await tenants.listProjects(organization.id);
    return all.map(({ id, slug }) => ({ id, slug, organizationId: organization.id }));
  }
  const found =
    (await tenants.findProjectBySlug(organization.id, { slug: project })) ??
    (await tenants.findProject(project));
  if (found === undefined) throw missing(`There is no project "${project}".`);
  return [found];
}

function missing(message: string): GatewayError {
  return new GatewayError('not_found', message, { retryable: false });
}
