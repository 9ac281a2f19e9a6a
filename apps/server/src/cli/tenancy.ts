import { randomBytes } from 'node:crypto';
import type { Organization, Project } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { RelationalStore } from '@app/store';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { openKeys } from '../keys/open-keys.ts';
import { showOrganization, type Tenancy } from '../tenancy/create-tenancy.ts';
import { openTenancy } from '../tenancy/open-tenancy.ts';
import { runSignInPolicy } from './members.ts';
import { openCliStore } from './open-cli-store.ts';
import { readTenancyOptions, type TenancyRequest } from './tenancy-options.ts';
import type { World } from './world.ts';

const usage = `tokenrouter orgs, tokenrouter projects: who is kept apart from whom, also while no server runs

  orgs create --name NAME          make an organization and print its id, alone on standard output
      --slug NAME                  its name in addresses (default: made from its name)
      --zone ZONE                  where its days and months begin, such as Europe/Berlin (default: UTC)
      --owner EMAIL                the account that owns it (default: nobody)
  orgs list [--json]               show all organizations
  orgs rename ORG --name NAME      give one another name; its name in addresses stays
  orgs zone ORG ZONE               let its days and months begin in another zone
  orgs sign-in-policy ORG [--any]  show how its people get in, or let them in in every way

  projects create --name NAME      make a project and print its id, alone on standard output
      --slug NAME                  its name in addresses (default: made from its name)
      --capture full|redacted|metadata   what it keeps of its calls
  projects list [--json]           show the projects of an organization
  projects rename PROJECT --name NAME

      --org ORG                    slug or id of the organization, for all about projects (default: default)
`;

/** `tokenrouter orgs ...` and `tokenrouter projects ...`. Resolves to the exit status. */
export async function runTenancy(
  noun: 'orgs' | 'projects',
  args: readonly string[],
  world: World,
): Promise<number> {
  if (noun === 'orgs' && args[0] === 'sign-in-policy') return runSignInPolicy(args.slice(1), world);
  const request = readTenancyOptions(noun, args);
  if (request.do === 'help') {
    world.print(usage);
    return 0;
  }
  if (request.do === 'refuse') return misused(noun, request.problem, world);
  const config = readConfig(world.variables, readTextFile);
  const silent = () => undefined;
  const log = { info: silent, warn: silent, error: (_: unknown, text: string) => world.warn(`${text}\n`) };
  const { store, close } = await openCliStore(config, log, world.keepStore);
  try {
    const ids = { nowMs: () => Date.now(), randomBytes };
    // The first organization is there from the first command on, as it is from the first start on.
    await openKeys({ config, store, digest: (text) => text, ids });
    await run(request, { store, tenancy: openTenancy({ config, store, ids }), world });
    return 0;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    world.warn(`${error.message}\n`);
    return error.status === 400 ? 2 : 1;
  } finally {
    await close();
  }
}

type Work = Exclude<TenancyRequest, { do: 'help' | 'refuse' }>;
type Deps = { store: RelationalStore; tenancy: Tenancy; world: World };

async function run(request: Work, deps: Deps): Promise<void> {
  const { store, tenancy, world } = deps;
  if (request.do === 'create-organization') {
    const ownerId = request.owner === undefined ? undefined : await findUser(store, request.owner);
    const made = await tenancy.create(request.asked, ownerId);
    world.warn(`Made organization ${made.slug} "${made.name}", zone ${made.zone}.\n`);
    world.print(`${made.id}\n`);
    return;
  }
  if (request.do === 'list-organizations') {
    const all = (await store.tenants.listOrganizations()).map(showOrganization);
    world.print(
      request.json ? `${JSON.stringify(all, null, 2)}\n` : tableOf(all, ['id', 'slug', 'name', 'zone']),
    );
    return;
  }
  const { id: organizationId } = await findOrganization(store, request.organization);
  if (request.do === 'change-organization') {
    const changed = await tenancy.change(organizationId, request.change);
    world.warn(`${changed.slug} is "${changed.name}", zone ${changed.zone}.\n`);
  } else if (request.do === 'create-project') {
    const made = await tenancy.createProject(organizationId, request.asked);
    world.warn(`Made project ${made.slug} "${made.name}".\n`);
    world.print(`${made.id}\n`);
  } else if (request.do === 'list-projects') {
    const all = await tenancy.listProjects(organizationId);
    world.print(
      request.json ? `${JSON.stringify(all, null, 2)}\n` : tableOf(all, ['id', 'slug', 'name', 'capture']),
    );
  } else {
    const all = await tenancy.listProjects(organizationId);
    const { project, name } = request;
    const found = all.find(({ id }) => id === project) ?? all.find(({ slug }) => slug === project);
    if (found === undefined) throw absent(`There is no project "${project}" in ${request.organization}.`);
    const changed = await tenancy.changeProject(found.id, { name });
    world.warn(`${changed.slug} is "${changed.name}".\n`);
  }
}

async function findOrganization(store: RelationalStore, name: string) {
  const found = await store.tenants.findOrganization({ name });
  if (found !== undefined) return found;
  throw absent(`There is no organization "${name}"; "tokenrouter orgs list" shows those there are.`);
}

async function findUser(store: RelationalStore, email: string): Promise<string> {
  // Its table is made when people can sign in for the first time.
  const found = await store.tenants.findUserByEmail({ email }).catch(() => undefined);
  if (found !== undefined) return found.id;
  throw absent(`--owner: nobody has an account with the address ${email} here.`);
}

function absent(message: string): GatewayError {
  return new GatewayError('not_found', message, { retryable: false });
}

/** Columns as wide as what is in them; control characters of a name do nothing to a terminal. */
function tableOf<Row extends Organization | Project>(
  rows: readonly Row[],
  columns: readonly (keyof Row)[],
): string {
  const lines = [
    columns.map((column) => String(column).toUpperCase()),
    ...rows.map((row) => columns.map((column) => String(row[column]).replace(/\p{Cc}|\p{Cf}/gu, '?'))),
  ];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function misused(noun: string, problem: string, world: World): number {
  world.warn(`${problem}\nSee: tokenrouter ${noun} --help\n`);
  return 2;
}
