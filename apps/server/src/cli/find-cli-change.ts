import type { AuditAction, AuditTarget } from '@app/contract';

/** What a command is about to change, as far as its arguments tell. */
export type CliChange = {
  action: AuditAction;
  target: AuditTarget | undefined;
  /** In whose chain it is written down: named by slug or id; undefined for the installation's own. */
  organization: string | undefined;
  /** Inside that organization, or anywhere by its id. */
  project: string | undefined;
  command: string;
};

/** Commands that change something, by their first words, and the kind of what their first argument names. */
const CHANGES: { readonly [words: string]: readonly [action: AuditAction, kind?: string] } = {
  'keys create': ['key.create'],
  'keys import': ['key.import'],
  'keys update': ['key.change', 'key'],
  'keys rotate': ['key.rotate', 'key'],
  'keys revoke': ['key.revoke', 'key'],
  'keys rotate-master': ['master_key.rotate'],
  'keys wrap-master': ['master_key.rotate'],
  'credentials create': ['credential.create'],
  'credentials rotate': ['credential.change', 'credential'],
  'credentials enable': ['credential.change', 'credential'],
  'credentials disable': ['credential.change', 'credential'],
  'credentials delete': ['credential.delete', 'credential'],
  'credentials check': ['credential.check', 'credential'],
  'limits create': ['limit.create'],
  'limits delete': ['limit.delete', 'limit'],
  'budgets create': ['budget.create'],
  'budgets grant': ['budget.grant', 'budget'],
  'budgets delete': ['budget.delete', 'budget'],
  'orgs create': ['organization.create'],
  'orgs rename': ['organization.change', 'organization'],
  'orgs zone': ['organization.change', 'organization'],
  'orgs sign-in-policy': ['sign_in_policy.change', 'organization'],
  'members invite': ['invitation.create'],
  'members change': ['member.change', 'member'],
  'members remove': ['member.remove', 'member'],
  'projects create': ['project.create'],
  'projects rename': ['project.change', 'project'],
  'audit export': ['audit.export'],
  'users reset-link': ['account.reset_password', 'account'],
  'users disable-two-factor': ['account.disable_two_factor', 'account'],
  'users end-sessions': ['session.revoke', 'account'],
  'data export': ['data.export'],
  'data delete': ['deletion.create'],
  'data retention': ['retention.change'],
};
/** Of the installation, not of one organization. */
const INSTALLATION = new Set<AuditAction>([
  ...(['master_key.rotate', 'organization.create', 'session.revoke'] as const),
  ...(['account.reset_password', 'account.disable_two_factor'] as const),
]);

/** Undefined for a command that only reads. */
export function findCliChange(args: readonly string[]): CliChange | undefined {
  if (args.includes('--help') || args.includes('-h')) return undefined;
  const [noun = '', verb = '', first = ''] = args;
  // Without an option it shows the policy.
  if (verb === 'sign-in-policy' && args.length < 4) return undefined;
  if (noun === 'data' && !changesData(verb, args)) return undefined;
  const isRepricing = noun === 're-price' && args.includes('--apply');
  const [action, kind] = isRepricing ? (['repricing.create'] as const) : (CHANGES[`${noun} ${verb}`] ?? []);
  if (action === undefined) return undefined;
  const named = kind === undefined || first === '' || first.startsWith('-') ? undefined : first;
  const organization = optionOf(args, '--org') ?? optionOf(args, '--organization') ?? 'default';
  return {
    action,
    target: named === undefined || kind === undefined ? undefined : { kind, id: named, name: null },
    organization: INSTALLATION.has(action) ? undefined : kind === 'organization' ? named : organization,
    project: kind === 'project' ? named : optionOf(args, '--project'),
    command: args.join(' '),
  };
}

/** A dry run deletes nothing, and without an option for it the policy is only shown. */
function changesData(verb: string, args: readonly string[]): boolean {
  if (verb === 'delete') return !args.includes('--dry-run');
  return verb !== 'retention' || args.some((each) => /^--[a-z]+-(days|bytes)\b/.test(each));
}

function optionOf(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at === -1 ? args.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1) : args[at + 1];
}
