import type { AuditVerification } from '@app/contract';
import type { RelationalStore } from '@app/store';
import { INSTALLATION_CHAIN } from '../audit/bind-events.ts';
import { type AuditLog, createAuditLog } from '../audit/create-audit-log.ts';
import { pruneChain } from '../audit/prune-chain.ts';
import { readAnchorTail } from '../audit/read-anchors.ts';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { anchorsPathOf } from '../start/open-server-audit.ts';
import { openCliAudit, operator } from './audit-command.ts';
import { type AuditRequest, readAuditOptions } from './audit-options.ts';
import { openCliStore } from './open-cli-store.ts';
import type { World } from './world.ts';
import { shownText } from './write-table.ts';

const usage = `tokenrouter audit: what people, keys and the operator did, while servers run and when none does

  audit verify             look at every event of every chain: 0 all is whole, 1 something is wrong, 2 used wrongly
      --anchors FILE       compare with these signed copies (default: those of this data folder)
      --json
  audit list               the newest events, for reading
      --action ACTION      such as key.create
      --actor WHO          an id or a label
      --limit NUMBER       1 to 200 (default: 50)
      --json
  audit export             all events as newline-delimited JSON, oldest first; writes down that it was done
  audit prune --before DAY take out what is older; the chain says so and can be verified as before

      --organization ORG   slug or id of one organization; verify and prune take all without it, the others "default"
      --installation       what belongs to no organization, such as failed sign-ins

docs/audit.md tells all of it.
`;

type Work = Exclude<AuditRequest, { do: 'help' | 'refuse' }>;
type Deps = {
  store: RelationalStore;
  log: AuditLog;
  anchorsPath: string;
  world: World;
  prune(organizationId: string, beforeMs: number): Promise<number>;
};

/** `tokenrouter audit ...`. Resolves to the exit status. */
export async function runAudit(args: readonly string[], world: World): Promise<number> {
  const request = readAuditOptions(args);
  if (request.do === 'help') {
    world.print(usage);
    return 0;
  }
  if (request.do === 'refuse') return misused(world, request.problem);
  const config = readConfig(world.variables, readTextFile);
  const silent = () => undefined;
  const log = { info: silent, warn: silent, error: (_: unknown, text: string) => world.warn(`${text}\n`) };
  const { store, close } = await openCliStore(config, log, world.keepStore);
  try {
    const cli = await openCliAudit({ store, config, world });
    try {
      const own = request.do === 'verify' ? request.anchors : undefined;
      const anchorsPath = own ?? anchorsPathOf(config);
      const { keys, audit } = cli;
      const nowMs = () => Date.now();
      return await run(request, {
        store,
        log: createAuditLog({ audit: store.audit, keys, anchorsPath, nowMs }),
        anchorsPath,
        world,
        prune: (organizationId, beforeMs) =>
          pruneChain(
            { audit: store.audit, keys, getChainKey: audit.getChainKey, ids: cli.ids },
            { organizationId, beforeMs, actor: operator() },
          ),
      });
    } finally {
      await cli.close();
    }
  } finally {
    await close();
  }
}

async function run(request: Work, deps: Deps): Promise<number> {
  const chains = await findChains(request, deps);
  if (chains === undefined)
    return misused(deps.world, `--organization: there is no organization "${request.organization}".`);
  switch (request.do) {
    case 'verify':
      return verifyAll(chains, request.json, deps);
    case 'prune':
      return pruneAll(chains, request.beforeMs, deps);
    case 'list':
      return list(chains[0] ?? '', request, deps);
    case 'export': {
      for await (const event of deps.log.export(chains[0] ?? '', {}))
        deps.world.print(`${JSON.stringify(event)}\n`);
      return 0;
    }
  }
}

/** The chains that are meant; undefined when there is no such organization. */
async function findChains(request: Work, { store, anchorsPath }: Deps): Promise<string[] | undefined> {
  if (request.isInstallation) return [INSTALLATION_CHAIN];
  const isForAll = request.do === 'verify' || request.do === 'prune';
  if (request.organization === undefined && isForAll) return listChains(store, anchorsPath);
  const name = request.organization ?? 'default';
  const found = await store.tenants.findOrganization({ name });
  if (found !== undefined) return [found.id];
  // A chain outlives its organization.
  return (await store.audit.findAuditChain(name)) === undefined ? undefined : [name];
}

/** Those that there are, and those of which only signed copies are left. */
async function listChains({ audit }: RelationalStore, anchorsPath: string): Promise<string[]> {
  const names = new Set((await readAnchorTail(anchorsPath)).newest.keys());
  let after = '';
  for (;;) {
    const page = await audit.listAuditChains({ after });
    for (const { organizationId } of page) names.add(organizationId);
    if (page.length === 0) return [...names].toSorted();
    after = page.at(-1)?.organizationId ?? '';
  }
}

async function verifyAll(chains: readonly string[], json: boolean, { log, world }: Deps): Promise<number> {
  const found: (AuditVerification & { chain: string })[] = [];
  for (const chain of chains) {
    const onProgress = (checked: number) =>
      world.warn(`${chain}: ${checked.toLocaleString('en-US')} events looked at\n`);
    const verified = { chain, ...(await log.verify(chain, onProgress)) };
    found.push(verified);
    if (!json) world.print(sentencesOf(verified));
  }
  if (json) world.print(`${JSON.stringify(found, null, 2)}\n`);
  return found.every(({ is_whole }) => is_whole) ? 0 : 1;
}

function sentencesOf({
  chain,
  is_whole,
  checked,
  anchors,
  faults,
}: AuditVerification & { chain: string }): string {
  const count = `${checked.toLocaleString('en-US')} events, ${anchors.toLocaleString('en-US')} signed copies`;
  if (is_whole) return `${shownText(chain)}: whole (${count})\n`;
  const lines = faults.map(
    ({ kind, sequence, message }) =>
      `  ${kind}${sequence === null ? '' : ` at event ${sequence}`}: ${message}\n`,
  );
  return `${shownText(chain)}: NOT WHOLE (${count})\n${lines.join('')}`;
}

async function pruneAll(
  chains: readonly string[],
  beforeMs: number,
  { prune, store, world }: Deps,
): Promise<number> {
  for (const chain of chains) {
    if ((await store.audit.findAuditChain(chain)) === undefined) continue;
    const removed = await prune(chain, beforeMs);
    world.warn(`${shownText(chain)}: ${removed.toLocaleString('en-US')} events taken out\n`);
  }
  return 0;
}

async function list(
  chain: string,
  request: Extract<Work, { do: 'list' }>,
  { log, world }: Deps,
): Promise<number> {
  const { action, actor, limit } = request;
  const { data } = await log.list(chain, { action, actor, limit });
  if (request.json) {
    world.print(`${JSON.stringify(data, null, 2)}\n`);
    return 0;
  }
  for (const { sequence, at, action: what, outcome, actor: who, target, ip, count } of data) {
    const name = who.label ?? who.id ?? who.kind;
    const about = target === null ? '' : ` ${target.kind} ${target.id}`;
    const times = count > 1 ? ` (${count} times)` : '';
    const from = ip === null ? '' : ` from ${ip}`;
    world.print(
      `${sequence}  ${at}  ${outcome}  ${what}${shownText(about, 300)}  by ${shownText(name, 254)}${from}${times}\n`,
    );
  }
  return 0;
}

function misused(world: World, problem: string): number {
  world.warn(`${problem}\nSee: tokenrouter audit --help\n`);
  return 2;
}
