import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Deletion } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Project } from '@app/store';
import { serverSeenWithinMs } from '@app/store';
import { type DataRequest, readDataOptions } from './data-options.ts';
import { type CliData, openCliData } from './open-cli-data.ts';
import { verifyReceipt } from './verify-receipt.ts';
import type { World } from './world.ts';

const usage = `tokenrouter data: what is kept of calls, for how long, and how it leaves

  data retention            show how long a project keeps what; an option changes it, "forever" keeps it
      --contents-days N --traces-days N --responses-days N --conversations-days N --contents-bytes N
  data export               print everything of a project as lines of JSON
      --user ID --session ID --tag TAG --from DAY --to DAY
  data delete               delete what is named; all of it must hold
      --user ID --session ID --tag TAG --trace ID --from DAY --to DAY
      --dry-run             count and delete nothing
  data verify-receipt FILE --key FILE
                            check a receipt with the public key, without asking anybody

  --project PROJECT --org ORG   (default: default)
`;

/** `tokenrouter data ...`, while the server runs and, but for deleting, when it does not. Resolves to the exit status. */
export async function runData(args: readonly string[], world: World): Promise<number> {
  const request = readDataOptions(args);
  if (request.do === 'help') {
    world.print(usage);
    return 0;
  }
  if (request.do === 'refuse') {
    world.warn(`${request.problem}\n\n${usage}`);
    return 2;
  }
  if (request.do === 'verify-receipt') return verifyReceipt(request, world);
  const data = await openCliData(world, { nowMs: () => Date.now(), randomBytes });
  try {
    return await runOn(request, data, world);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    world.warn(`${error.message}\n`);
    return error.status === 400 ? 2 : 1;
  } finally {
    await data.close();
  }
}

type OnProject = Extract<DataRequest, { project: string }>;

async function runOn(request: OnProject, data: CliData, world: World): Promise<number> {
  const project = await findProject(request, data);
  if (request.do === 'export') return exportTo(world, { data, project, request });
  if (request.do === 'delete') return deleteAll(world, { data, project, request });
  const isChange = Object.keys(request.change).length > 0;
  const policy = isChange
    ? await data.changeRetention(project, request.change)
    : await data.retention.get(project.id);
  world.print(`${JSON.stringify(policy, null, 2)}\n`);
  return 0;
}

const PROGRESS_LINES = 1_000;

type ExportWork = { data: CliData; project: Project; request: Extract<DataRequest, { do: 'export' }> };

async function exportTo(world: World, { data, project, request }: ExportWork): Promise<number> {
  let lines = 0;
  const { trace_id: _, ...search } = request.filter;
  for await (const line of data.export(project, search)) {
    world.print(`${JSON.stringify(line)}\n`);
    lines += 1;
    if (lines % PROGRESS_LINES === 0) world.warn(`${lines.toLocaleString('en-US')} lines are written.\n`);
  }
  return 0;
}

type DeleteWork = { data: CliData; project: Project; request: Extract<DataRequest, { do: 'delete' }> };

async function deleteAll(world: World, { data, project, request }: DeleteWork): Promise<number> {
  const { filter, isDryRun } = request;
  const begun = await data.beginDeletion(project, { filter, isDryRun });
  if (isDryRun) {
    world.print(`${JSON.stringify(begun, null, 2)}\n`);
    return 0;
  }
  if ((await data.liveServers(serverSeenWithinMs)) === 0) {
    world.warn(`No server runs: ${begun.id} is noted, and the next server that starts begins with it.\n`);
    return 1;
  }
  const ended = await follow(world, { data, project, id: begun.id });
  world.print(`${JSON.stringify(ended, null, 2)}\n`);
  return ended.state === 'done' ? 0 : 1;
}

const LOOK_MS = 1_000;

async function follow(
  world: World,
  { data, project, id }: { data: CliData; project: Project; id: string },
): Promise<Deletion> {
  for (let told = ''; ; ) {
    const now = await data.deletions.get(project.id, id);
    if (now.finished_at !== null) return now;
    const line = `${now.state}: ${Math.round(now.progress * 100)} %, ${now.deleted.traces} traces are deleted\n`;
    if (line !== told) world.warn(line);
    told = line;
    await wait(LOOK_MS);
  }
}

async function findProject({ organization: name, project }: OnProject, { store }: CliData): Promise<Project> {
  const { tenants } = store;
  const organization = await tenants.findOrganization({ name });
  if (organization === undefined) throw missing(`There is no organization "${name}".`);
  const found = await tenants.findProjectBySlug(organization.id, { slug: project });
  if (found === undefined) throw missing(`There is no project "${project}".`);
  return found;
}

function missing(message: string): GatewayError {
  return new GatewayError('not_found', message, { retryable: false });
}
