import { Permission } from '@app/contract';

/** What only a key does: applications call, people look, judge and manage. */
const OF_KEYS_ONLY: readonly Permission[] = ['inference:call'];

/**
 * Owners and admins change everything. What sets them apart is whom they may change: nobody gives, takes or changes a
 * role above their own (members/refuse-above.ts).
 */
const everything: readonly Permission[] = Permission.options.filter((each) => !OF_KEYS_ONLY.includes(each));
/** Who may look at traces may also judge them: scores are written with `traces:write`. */
const reading: readonly Permission[] = [
  'models:read',
  'responses:read',
  'rules:read',
  'traces:read',
  'traces:write',
  'analytics:read',
  'keys:read',
];

const table = new Map<string, ReadonlySet<Permission>>([
  ['owner', new Set(everything)],
  ['admin', new Set(everything)],
  ['member', new Set(reading)],
]);

/** What a role may do, be it one of an organization or of a project. An unknown role may do nothing. */
export function rolePermissions(role: string): ReadonlySet<Permission> {
  return table.get(role) ?? new Set();
}
