import type { RelationalStore } from '@app/store';

type Tables = RelationalStore['members'];

/** What the parts of this folder have in common. */
export type MemberDeps = {
  members: Pick<
    Tables,
    | 'alone'
    | 'findMember'
    | 'findProjectMember'
    | 'findSignInPolicy'
    | 'listKeysMadeBy'
    | 'listMembers'
    | 'listProjectMembers'
  >;
  nowMs: () => number;
};

/**
 * Who changes members: somebody signed in, a key that was given `members:write`, or the operator on the command line.
 */
export type MemberActor = { kind: 'user' | 'key'; id: string } | { kind: 'operator' };

/** As many people as an organization may have, with those who belong to single projects of it. */
export const MEMBERS_MAX = 5_000;
