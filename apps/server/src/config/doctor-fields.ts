import { z } from 'zod';
import { checkNames } from '../doctor/check-names.ts';
import { filled } from './field-kinds.ts';

/** Findings of `tokenrouter doctor` that the operator knows of and lives with. */
export const AcceptedFindings = z
  .array(
    z.strictObject({
      check: z
        .enum(checkNames, { error: 'is no check; docs/security-checklist.md lists them all' })
        .describe('The name of the check, for example `plain-http`.'),
      reason: filled.max(500).describe('Why it is as it should be here.'),
      until: z.iso
        .date({ error: 'must be a day such as 2027-01-31' })
        .optional()
        .describe('The last day on which that holds, in UTC. Default: for ever.'),
    }),
  )
  .max(100)
  .default([]);
