import { expect, test } from 'vitest';
import { readMembersOptions } from './members-options.ts';

const read = (line: string) => readMembersOptions(line === '' ? [] : line.split(' '));

test.each([
  ['list', { do: 'list', organization: 'default', json: false }],
  ['list --org acme --json', { do: 'list', organization: 'acme', json: true }],
  [
    'invite a@example.org --role owner --org acme',
    { do: 'invite', organization: 'acme', invitation: { email: 'a@example.org', role: 'owner' } },
  ],
  [
    'invite a@example.org --project chat=admin --project shop=member',
    {
      do: 'invite',
      invitation: {
        projects: [
          { project: 'chat', role: 'admin' },
          { project: 'shop', role: 'member' },
        ],
      },
    },
  ],
  ['change a@example.org --role admin', { do: 'change', email: 'a@example.org', role: 'admin' }],
  ['remove a@example.org', { do: 'remove', email: 'a@example.org', isAccount: false }],
  ['remove a@example.org --account', { do: 'remove', isAccount: true }],
  ['', { do: 'help' }],
  ['invite --help', { do: 'help' }],
])('members %s', (line, request) => {
  expect(read(line)).toMatchObject(request);
});

test.each([
  ['promote a@example.org', 'There is no command "members promote".'],
  ['constructor', 'There is no command "members constructor".'],
  ['invite', 'This command is: tokenrouter members invite EMAIL.'],
  ['list a@example.org', 'This command is: tokenrouter members list.'],
  ['remove a@example.org b@example.org', 'This command is: tokenrouter members remove EMAIL.'],
  ['change a@example.org', '--role is owner, admin or member.'],
  ['change a@example.org --role root', '--role is owner, admin or member.'],
  ['invite a@example.org --role root', '--role is owner, admin or member.'],
  ['invite ada --role member', 'That is not an e-mail address.'],
  ['invite a@example.org --project chat', '--project is PROJECT=ROLE, such as chat=admin.'],
  ['list --role owner', "Unknown option '--role'"],
])('members %s is refused with a sentence', (line, problem) => {
  expect(read(line)).toEqual({ do: 'refuse', problem: expect.stringContaining(problem) });
});
