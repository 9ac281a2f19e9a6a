import type { SecurityReport } from '@app/contract';
import type { Diagnosis } from './checks.ts';

type About = { nowMs: number; mode: SecurityReport['mode']; version: string };

/** What the checks say, as the API and `doctor --json` give it. */
export function writeReport({ findings, passed, skipped }: Diagnosis, about: About): SecurityReport {
  return {
    at: new Date(about.nowMs).toISOString(),
    mode: about.mode,
    version: about.version,
    findings,
    passed,
    skipped,
  };
}
