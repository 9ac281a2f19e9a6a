import { endpoints } from '@app/contract';
import type { RelationalStore } from '@app/store';
import { userOperation } from '../operation.ts';

/** Who is signed in and what they may look at. */
export const getSession = (tenants: Pick<RelationalStore['tenants'], 'listProjectsOfUser'>) =>
  userOperation({
    endpoint: endpoints.getSession,
    permission: 'signed-in',
    run: async ({ user }) => {
      const projects = await tenants.listProjectsOfUser(user.id);
      return {
        user,
        projects: projects.map(({ id, slug, name, organization }) => ({ id, slug, name, organization })),
      };
    },
  });
