import { lookup } from 'node:dns';
import type { SecurityReport } from '@app/contract';
import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import type { Logger } from 'pino';
import type { Audit } from '../audit/audit.ts';
import type { AuditLog } from '../audit/create-audit-log.ts';
import type { Config } from '../config.ts';
import { diagnose, listStopping } from '../doctor/checks.ts';
import { summaryOf } from '../doctor/describe-findings.ts';
import { readAddresses } from '../doctor/read-addresses.ts';
import { readAudit } from '../doctor/read-audit.ts';
import { readCounters } from '../doctor/read-counters.ts';
import { type MachineWorld, readMachine } from '../doctor/read-machine.ts';
import { readStore } from '../doctor/read-store.ts';
import { writeReport } from '../doctor/write-report.ts';
import type { IdSource } from '../ids.ts';
import type { ClosingStack } from './closing-stack.ts';
import { readVersion } from './read-version.ts';

export type SecurityDeps = {
  config: Config;
  /** The environment and the process; without them their checks are left out. */
  world: MachineWorld | undefined;
  store: Pick<RelationalStore, 'security' | 'tenants' | 'limitUsage' | 'audit'>;
  audit: Audit;
  auditLog: AuditLog;
  serverId: string;
  ids: Pick<IdSource, 'nowMs'>;
  schedule: Schedule;
  log: Pick<Logger, 'warn' | 'error'>;
};

export type OpenSecurity = {
  /** What the checks say of this server now. Asked for again while it is made, it is the same. */
  readReport(): Promise<SecurityReport>;
  /** Once the server listens: writes down what is accepted, and tells the log what its stores know. */
  tell(): void;
};

/** After what the first callers wait for. */
const TOLD_AFTER_MS = 5_000;

/** The checks of a deployment, on the server that runs. */
export function openSecurity(deps: SecurityDeps, stack: ClosingStack): OpenSecurity {
  const read = async () => {
    const diagnosis = await diagnoseServer(deps);
    const report = writeReport(diagnosis, {
      nowMs: deps.ids.nowMs(),
      mode: deps.config.mode,
      version: readVersion(),
    });
    return { diagnosis, report };
  };
  let underWay: ReturnType<typeof read> | undefined;
  const readOnce = () => {
    underWay ??= read().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
  const tell = async () => {
    await noteAccepted(deps);
    const { diagnosis } = await readOnce();
    const stopping = listStopping(diagnosis).map(({ check, what }) => `${what} [${check}]`);
    if (stopping.length > 0) deps.log.error({ findings: stopping }, 'This deployment is not safe.');
    else if (diagnosis.findings.some(({ severity, accepted }) => severity === 'warning' && !accepted)) {
      deps.log.warn(`The checks of this deployment: ${summaryOf(diagnosis)}`);
    }
  };
  return {
    readReport: async () => (await readOnce()).report,
    tell: () => {
      const run = () =>
        void tell().catch((err: unknown) => deps.log.warn({ err }, 'This deployment could not be checked.'));
      stack.add(deps.schedule(TOLD_AFTER_MS, run));
    },
  };
}

async function diagnoseServer(deps: SecurityDeps) {
  const { config, world = { variables: {} }, store, auditLog } = deps;
  const { nowMs } = deps.ids;
  const { REDIS_URL } = config.environment;
  const [known, audit, counters, storeAddresses] = await Promise.all([
    readStore(store, nowMs()),
    readAudit({ audit: store.audit, auditLog }),
    REDIS_URL === undefined ? undefined : readCounters(REDIS_URL, config.environment),
    readAddresses(config, (host, done) => lookup(host, { all: true }, done)),
  ]);
  const asked = { ...known, audit, counters, storeAddresses };
  return diagnose({ config, nowMs: nowMs(), ...readMachine(config, world), ...asked });
}

/** Whoever reads the audit sees which findings the operator lives with, since when, and why. */
async function noteAccepted({ config, audit, serverId }: SecurityDeps): Promise<void> {
  const { accepted_findings } = config.file;
  if (accepted_findings.length === 0) return;
  await audit.record({
    action: 'settings.change',
    actor: { kind: 'server', id: serverId },
    target: { kind: 'setting', id: 'accepted_findings', name: null },
    after: { accepted_findings },
  });
}
