import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import { z } from 'zod';
import { sessionQuery, setupQuery } from '../api/session.ts';
import { Crash } from '../pages/shell/crash.tsx';
import { NotFound } from '../pages/shell/not-found.tsx';
import { Shell } from '../pages/shell/shell.tsx';

type Context = { queries: QueryClient };

/** What holds every page. */
export const root = createRootRouteWithContext<Context>()({
  notFoundComponent: NotFound,
  errorComponent: Crash,
});

/** Everything behind the sign-in. Nobody signed in: to the set-up while there is no owner, else to the sign-in. */
export const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  // In the address of every page, so that a link shows others the same project and environment.
  validateSearch: z.object({
    project: z.string().max(64).optional().catch(undefined),
    environment: z.string().max(64).optional().catch(undefined),
  }),
  search: { middlewares: [retainSearchParams(['project', 'environment'])] },
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (session !== null) return { session };
    const { needed } = await context.queries.fetchQuery(setupQuery);
    if (needed) throw redirect({ to: '/setup' });
    throw redirect({ to: '/sign-in', search: { next: location.href } });
  },
});
