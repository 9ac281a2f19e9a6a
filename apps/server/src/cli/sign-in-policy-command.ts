import { parseArgs } from 'node:util';
import type { SignInPolicy, SignInPolicyChange } from '@app/contract';
import { getOrganization, type MembersCommandDeps, withCliMembers } from './with-cli-members.ts';

const usage = `tokenrouter orgs sign-in-policy: how the people of an organization get in

  orgs sign-in-policy ORG        show it
      --any                      let people in whichever way they signed in
      --no-two-factor            do not demand a second factor
      --remove-domain DOMAIN     let nobody in any more by an address of this domain
`;

const options = {
  any: { type: 'boolean', default: false },
  'no-two-factor': { type: 'boolean', default: false },
  'remove-domain': { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Runs `orgs sign-in-policy ...`, which lifts what kept everybody out. Resolves to the exit status. */
export async function runSignInPolicyCommand(
  args: readonly string[],
  deps: MembersCommandDeps,
): Promise<number> {
  const read = readOptions(args);
  if (typeof read === 'string') {
    deps.warn(`${read}\nSee: tokenrouter orgs sign-in-policy --help\n`);
    return 2;
  }
  const { values, positionals } = read;
  if (values.help) {
    deps.print(usage);
    return 0;
  }
  return withCliMembers(deps, async ({ store, management: { signInPolicies } }) => {
    const { id } = await getOrganization(store, positionals[0] ?? '');
    const before = await signInPolicies.get(id);
    const change = changeOf(values, before);
    const isChange = Object.keys(change).length > 0;
    const after = isChange ? await signInPolicies.change(id, change, { kind: 'operator' }) : before;
    deps.print(`${JSON.stringify(after, null, 2)}\n`);
  });
}

/** What was asked, or why it cannot be understood. */
function readOptions(args: readonly string[]) {
  try {
    const read = parseArgs({ args: [...args], options, allowPositionals: true });
    const isOne = read.positionals.length === 1 && read.positionals[0] !== '';
    return isOne || read.values.help ? read : 'This command is: tokenrouter orgs sign-in-policy ORG.';
  } catch (error) {
    // The parser's own sentences name the option.
    if (error instanceof TypeError && 'code' in error) return error.message;
    throw error;
  }
}

type Values = { any: boolean; 'no-two-factor': boolean; 'remove-domain'?: string };

function changeOf(values: Values, { domains }: SignInPolicy): SignInPolicyChange {
  const without = values['remove-domain']?.toLowerCase();
  const change: SignInPolicyChange = {};
  if (values.any) change.required_provider = null;
  if (values['no-two-factor']) change.two_factor_required = false;
  if (without !== undefined) {
    change.domains = domains
      .filter(({ domain }) => domain !== without)
      .map((rule) => ({ ...rule, role: rule.role === 'admin' ? 'admin' : 'member' }));
  }
  return change;
}
