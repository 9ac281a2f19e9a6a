import type { CheckName } from './check-names.ts';

/** `critical` stops a start in production; `warning` and `notice` are only told. */
export type Severity = 'critical' | 'warning' | 'notice';

/** Something about a deployment that should be different: what, why it matters, what to do. */
export type Finding = {
  check: CheckName;
  area: Area;
  severity: Severity;
  what: string;
  why: string;
  remedy: string;
  /** Named in the configuration as accepted. */
  accepted: boolean;
};

/** What checks are about, in the order in which they are told. */
export const areas = {
  secrets: 'Secrets',
  https: 'HTTPS',
  stores: 'Stores',
  privilege: 'Least privilege',
  limits: 'Limits and budgets',
  audit: 'Audit',
  alerts: 'Alerts',
  defaults: 'Defaults',
  surface: 'What widens the surface',
  logs: 'Logs',
  origins: 'Other origins',
  machine: 'Files and machine',
  operation: 'Operation',
} as const;
export type Area = keyof typeof areas;
