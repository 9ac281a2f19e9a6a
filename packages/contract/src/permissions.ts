import { z } from 'zod';

/** What a key may do; the list is closed. */
export const Permission = z.enum([
  'inference:call',
  'models:read',
  'responses:read',
  'rules:read',
  'rules:write',
  'traces:read',
  'traces:write',
  'analytics:read',
  'keys:read',
  'keys:write',
  'budgets:write',
  'credentials:write',
  'members:write',
  'audit:read',
  'settings:write',
  'errors:debug',
]);
export type Permission = z.infer<typeof Permission>;

export const gatewayDefaults: readonly Permission[] = ['inference:call', 'models:read', 'responses:read'];
/** An ingest key can send traces and read nothing. */
export const ingestDefaults: readonly Permission[] = ['traces:write'];
