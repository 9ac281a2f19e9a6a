import { parseArgs } from 'node:util';
import { NewInvitation, Role } from '@app/contract';

/** What a `members` command asks for, or why it cannot be understood, as a sentence. */
export type MembersRequest =
  | { do: 'list'; organization: string; json: boolean }
  | { do: 'invite'; organization: string; invitation: NewInvitation }
  | { do: 'change'; organization: string; email: string; role: Role }
  | { do: 'remove'; organization: string; email: string; isAccount: boolean }
  | { do: 'help' }
  | { do: 'refuse'; problem: string };

const options = {
  role: { type: 'string' },
  project: { type: 'string', multiple: true },
  account: { type: 'boolean' },
  org: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const TAKES: { readonly [action: string]: readonly (keyof typeof options)[] } = {
  list: ['json'],
  invite: ['role', 'project'],
  change: ['role'],
  remove: ['account'],
};

/** Reads what follows `tokenrouter members`. */
export function readMembersOptions(args: readonly string[]): MembersRequest {
  const [action, ...rest] = args;
  if (action === undefined || ['help', '--help', '-h'].includes(action)) return { do: 'help' };
  const takes = Object.hasOwn(TAKES, action) ? TAKES[action] : undefined;
  if (takes === undefined) return refuse(`There is no command "members ${action}".`);
  try {
    const names = [...takes, 'org', 'help'] as const;
    const known = Object.fromEntries(names.map((name) => [name, options[name]]));
    const { values, positionals } = parseArgs({ args: [...rest], options: known, allowPositionals: true });
    if (values.help === true) return { do: 'help' };
    const organization = typeof values.org === 'string' ? values.org : 'default';
    if (action === 'list' && positionals.length === 0) {
      return { do: 'list', organization, json: values.json === true };
    }
    const [email = '', more] = positionals;
    if (action === 'list' || email === '' || more !== undefined) {
      return refuse(`This command is: tokenrouter members ${action}${action === 'list' ? '' : ' EMAIL'}.`);
    }
    return requestOf(action, { organization, email, values });
  } catch (error) {
    // The parser's own sentences name the option.
    if (error instanceof TypeError && 'code' in error) return refuse(error.message);
    throw error;
  }
}

type Read = { organization: string; email: string; values: { [name: string]: unknown } };

function requestOf(action: string, { organization, email, values }: Read): MembersRequest {
  if (action === 'remove') return { do: 'remove', organization, email, isAccount: values.account === true };
  const role = Role.safeParse(values.role);
  if (action === 'change') {
    return role.success ? { do: 'change', organization, email, role: role.data } : refuse(ROLES);
  }
  if (values.role !== undefined && !role.success) return refuse(ROLES);
  const projects = Array.isArray(values.project) ? values.project.map(String).map(projectOf) : undefined;
  const asked = NewInvitation.safeParse({ email, ...(role.success ? { role: role.data } : {}), projects });
  if (asked.success) return { do: 'invite', organization, invitation: asked.data };
  const field = asked.error.issues[0]?.path[0];
  return refuse(
    field === 'email' ? 'That is not an e-mail address.' : '--project is PROJECT=ROLE, such as chat=admin.',
  );
}

const ROLES = '--role is owner, admin or member.';

function projectOf(text: string): { project: string; role: string } {
  const at = text.lastIndexOf('=');
  return { project: text.slice(0, Math.max(at, 0)), role: text.slice(at + 1) };
}

function refuse(problem: string): MembersRequest {
  return { do: 'refuse', problem };
}
