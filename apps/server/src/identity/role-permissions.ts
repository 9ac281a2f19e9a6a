import { Permission } from '@app/contract';

/** What only a key does: applications call and send traces, people look and manage. */
const OF_KEYS_ONLY: readonly Permission[] = ['inference:call', 'traces:write'];

const owner: readonly Permission[] = Permission.options.filter((each) => !OF_KEYS_ONLY.includes(each));
/** Everything but deciding who belongs to the organization. */
const admin: readonly Permission[] = owner.filter((each) => each !== 'members:write');
const member: readonly Permission[] = [
  'models:read',
  'responses:read',
  'rules:read',
  'traces:read',
  'analytics:read',
  'keys:read',
];

const table = new Map<string, ReadonlySet<Permission>>([
  ['owner', new Set(owner)],
  ['admin', new Set(admin)],
  ['member', new Set(member)],
]);

/** What a role of an organization may do. An unknown role may do nothing. */
export function rolePermissions(role: string): ReadonlySet<Permission> {
  return table.get(role) ?? new Set();
}
