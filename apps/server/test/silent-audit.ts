import { createLogAudit } from '../src/audit/create-log-audit.ts';

/** For tests that are not about what is written down. */
export const silentAudit = createLogAudit({ info: () => undefined });
