import type { Check } from './check.ts';
import type { CheckName } from './check-names.ts';
import { alertChecks } from './checks/alert-checks.ts';
import { auditChecks } from './checks/audit-checks.ts';
import { keyChecks } from './checks/key-checks.ts';
import { limitChecks } from './checks/limit-checks.ts';
import { logChecks } from './checks/log-checks.ts';
import { machineChecks } from './checks/machine-checks.ts';
import { operationChecks } from './checks/operation-checks.ts';
import { peopleChecks } from './checks/people-checks.ts';
import { secretChecks } from './checks/secret-checks.ts';
import { storeChecks } from './checks/store-checks.ts';
import { surfaceChecks } from './checks/surface-checks.ts';
import { transportChecks } from './checks/transport-checks.ts';
import type { Facts } from './facts.ts';
import { areas, type Finding, type Severity } from './finding.ts';
import { isInForce } from './is-in-force.ts';

/** Every check of a deployment. */
export const checks: readonly Check[] = [
  ...secretChecks,
  ...transportChecks,
  ...storeChecks,
  ...peopleChecks,
  ...keyChecks,
  ...limitChecks,
  ...auditChecks,
  ...alertChecks,
  ...surfaceChecks,
  ...logChecks,
  ...machineChecks,
  ...operationChecks,
];

export type Diagnosis = {
  /** Worst first, then by area. */
  findings: Finding[];
  passed: { check: CheckName; title: string }[];
  /** What could not be said, and why. */
  skipped: { check: CheckName; title: string; reason: string }[];
};

/** Runs every check. */
export function diagnose(facts: Facts): Diagnosis {
  const diagnosis: Diagnosis = { findings: [], passed: [], skipped: [] };
  const accepted = new Set(
    facts.config.file.accepted_findings
      .filter((entry) => isInForce(entry, facts.nowMs))
      .map(({ check }) => check),
  );
  for (const { name: check, area, title, why, needs = [], run } of checks) {
    if (needs.some((need) => facts[need] === undefined)) {
      diagnosis.skipped.push({ check, title, reason: reasonOf(check, facts) });
      continue;
    }
    const found = run(facts);
    if (found.length === 0) diagnosis.passed.push({ check, title });
    for (const one of found)
      diagnosis.findings.push({ ...one, check, area, why, accepted: accepted.has(check) });
  }
  diagnosis.findings.sort((a, b) => rankOf(a) - rankOf(b));
  return diagnosis;
}

function reasonOf(check: CheckName, { whyNoStore }: Facts): string {
  if (whyNoStore !== undefined) return whyNoStore;
  return check === 'audit-chain' ? 'Run: tokenrouter audit verify' : 'It could not be looked at.';
}

/** What stops a start in production. */
export function listStopping({ findings }: Pick<Diagnosis, 'findings'>): Finding[] {
  return findings.filter(({ severity, accepted }) => severity === 'critical' && !accepted);
}

const severities: readonly Severity[] = ['critical', 'warning', 'notice'];
const order = Object.keys(areas);

function rankOf({ severity, area, accepted }: Finding): number {
  return (accepted ? 10_000 : 0) + severities.indexOf(severity) * 100 + order.indexOf(area);
}
