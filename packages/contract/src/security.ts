import { z } from 'zod';

export const Finding = z.object({
  check: z.string(),
  /** What it is about, such as `secrets` or `audit`. */
  area: z.string().optional(),
  severity: z.enum(['critical', 'warning', 'notice']),
  what: z.string(),
  why: z.string(),
  remedy: z.string(),
  /** Named in the configuration as accepted. */
  accepted: z.boolean(),
});
export type Finding = z.infer<typeof Finding>;

/** What the checks of this deployment say, worst first. */
export const SecurityReport = z.object({
  at: z.iso.datetime(),
  mode: z.enum(['development', 'production']),
  version: z.string(),
  findings: z.array(Finding),
  /** Checks that found nothing. */
  passed: z.array(z.object({ check: z.string(), title: z.string() })),
  /** Checks that could not be made, and why. */
  skipped: z.array(z.object({ check: z.string(), title: z.string(), reason: z.string() })).optional(),
});
export type SecurityReport = z.infer<typeof SecurityReport>;
