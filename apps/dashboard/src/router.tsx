import { AuditAction, AuditOutcome, Dimension, KeyKind, KeyStatus, OverviewRange } from '@app/contract';
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import { z } from 'zod';
import { sessionQuery, setupQuery } from './api/session.ts';
import { Crash } from './pages/shell/crash.tsx';
import { NotFound } from './pages/shell/not-found.tsx';
import { Shell } from './pages/shell/shell.tsx';

type Context = { queries: QueryClient };

const root = createRootRouteWithContext<Context>()({
  notFoundComponent: NotFound,
  errorComponent: Crash,
});

/** Everything behind the sign-in. Nobody signed in: to the set-up while there is no owner, else to the sign-in. */
const shell = createRoute({
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

const Mode = z.enum(['live', 'test']).optional().catch(undefined);

const overviewRoute = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: z.object({ range: OverviewRange.catch('24h').default('24h'), mode: Mode }),
  component: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
});

const text = z.string().max(200).optional().catch(undefined);
const moment = z.iso.datetime().optional().catch(undefined);
const traceId = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .optional()
  .catch(undefined);

const spanId = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .optional()
  .catch(undefined);

const tracesRoute = createRoute({
  getParentRoute: () => shell,
  path: '/traces',
  validateSearch: z.object({
    search: text,
    model: text,
    status: z.enum(['ok', 'error']).optional().catch(undefined),
    mode: Mode,
    key_id: text,
    user_id: text,
    session: text,
    tag: text,
    limit_id: text,
    filter: z.string().max(4_000).optional().catch(undefined),
    of: z.enum(['traces', 'spans']).optional().catch(undefined),
    range: OverviewRange.optional().catch(undefined),
    from: moment,
    to: moment,
    /** The trace that is open in the drawer, and the span where it is not the gateway's own call. */
    trace: traceId,
    span: spanId,
  }),
  component: lazyRouteComponent(() => import('./pages/traces/traces-page.tsx'), 'TracesPage'),
});

const traceRoute = createRoute({
  getParentRoute: () => shell,
  path: '/traces/$traceId',
  validateSearch: z.object({
    span: spanId,
    view: z.enum(['tree', 'timeline']).catch('tree').default('tree'),
  }),
  component: lazyRouteComponent(() => import('./pages/trace/trace-page.tsx'), 'TracePage'),
});

const compareRoute = createRoute({
  getParentRoute: () => shell,
  path: '/compare',
  validateSearch: z.object({ left: traceId, left_span: spanId, right: traceId, right_span: spanId }),
  component: lazyRouteComponent(() => import('./pages/compare/compare-page.tsx'), 'ComparePage'),
});

/** A stretch of time that a list is about, and what is looked for in it. */
const stretch = z.object({ range: OverviewRange.catch('7d').default('7d'), search: text });

const sessionsRoute = createRoute({
  getParentRoute: () => shell,
  path: '/sessions',
  validateSearch: stretch,
  component: lazyRouteComponent(() => import('./pages/sessions/sessions-page.tsx'), 'SessionsPage'),
});

const sessionRoute = createRoute({
  getParentRoute: () => shell,
  path: '/sessions/$sessionId',
  component: lazyRouteComponent(() => import('./pages/sessions/session-page.tsx'), 'SessionPage'),
});

const usersRoute = createRoute({
  getParentRoute: () => shell,
  path: '/users',
  validateSearch: stretch,
  component: lazyRouteComponent(() => import('./pages/users/users-page.tsx'), 'UsersPage'),
});

const promptsRoute = createRoute({
  getParentRoute: () => shell,
  path: '/prompts',
  validateSearch: stretch,
  component: lazyRouteComponent(() => import('./pages/prompts/prompts-page.tsx'), 'PromptsPage'),
});

const promptRoute = createRoute({
  getParentRoute: () => shell,
  path: '/prompts/$promptId',
  validateSearch: z.object({ range: OverviewRange.catch('7d').default('7d') }),
  component: lazyRouteComponent(() => import('./pages/prompts/prompt-page.tsx'), 'PromptPage'),
});

const modelsRoute = createRoute({
  getParentRoute: () => shell,
  path: '/models',
  validateSearch: z.object({ range: OverviewRange.catch('7d').default('7d'), mode: Mode }),
  component: lazyRouteComponent(() => import('./pages/models/models-page.tsx'), 'ModelsPage'),
});

const spendRoute = createRoute({
  getParentRoute: () => shell,
  path: '/spend',
  validateSearch: z.object({
    range: OverviewRange.catch('7d').default('7d'),
    by: Dimension.catch('model').default('model'),
  }),
  component: lazyRouteComponent(() => import('./pages/spend/spend-page.tsx'), 'SpendPage'),
});

const connectRoute = createRoute({
  getParentRoute: () => shell,
  path: '/connect',
  component: lazyRouteComponent(() => import('./pages/connect/connect-page.tsx'), 'ConnectPage'),
});

const keysRoute = createRoute({
  getParentRoute: () => shell,
  path: '/keys',
  validateSearch: z.object({
    name: text,
    status: KeyStatus.optional().catch(undefined),
    kind: KeyKind.optional().catch(undefined),
    mode: Mode,
    owner: text,
    tag: text,
    /** The key that is open in the drawer. */
    key: text,
  }),
  component: lazyRouteComponent(() => import('./pages/keys/keys-page.tsx'), 'KeysPage'),
});

const budgetsRoute = createRoute({
  getParentRoute: () => shell,
  path: '/budgets',
  validateSearch: z.object({
    show: z.enum(['budgets', 'limits', 'history']).catch('budgets').default('budgets'),
  }),
  component: lazyRouteComponent(() => import('./pages/budgets/budgets-page.tsx'), 'BudgetsPage'),
});

const providersRoute = createRoute({
  getParentRoute: () => shell,
  path: '/providers',
  component: lazyRouteComponent(() => import('./pages/providers/providers-page.tsx'), 'ProvidersPage'),
});

const auditRoute = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  validateSearch: z.object({
    action: AuditAction.optional().catch(undefined),
    outcome: AuditOutcome.optional().catch(undefined),
    actor: text,
    target: text,
    ip: text,
    from: moment,
    to: moment,
    /** The event that is open in the drawer. */
    event: text,
  }),
  component: lazyRouteComponent(() => import('./pages/audit/audit-page.tsx'), 'AuditPage'),
});

const securityRoute = createRoute({
  getParentRoute: () => shell,
  path: '/security',
  component: lazyRouteComponent(() => import('./pages/security/security-page.tsx'), 'SecurityPage'),
});

const alertsRoute = createRoute({
  getParentRoute: () => shell,
  path: '/alerts',
  validateSearch: z.object({
    show: z.enum(['alerts', 'history', 'destinations']).catch('alerts').default('alerts'),
    of: z.enum(['project', 'organization']).catch('project').default('project'),
  }),
  component: lazyRouteComponent(() => import('./pages/alerts/alerts-page.tsx'), 'AlertsPage'),
});

const anomaliesRoute = createRoute({
  getParentRoute: () => shell,
  path: '/anomalies',
  validateSearch: z.object({
    state: z.enum(['open', 'over', 'acknowledged', 'all']).catch('open').default('open'),
  }),
  component: lazyRouteComponent(() => import('./pages/anomalies/anomalies-page.tsx'), 'AnomaliesPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  validateSearch: z.object({ show: z.enum(['data', 'sign-in']).catch('data').default('data') }),
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
});

const teamRoute = createRoute({
  getParentRoute: () => shell,
  path: '/team',
  component: lazyRouteComponent(() => import('./pages/team/team-page.tsx'), 'TeamPage'),
});

const accountRoute = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  /** Why linking an account elsewhere did not work. */
  validateSearch: z.object({ error: text }),
  component: lazyRouteComponent(() => import('./pages/account/account-page.tsx'), 'AccountPage'),
});

const invitationRoute = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./pages/invitation/invitation-page.tsx'), 'InvitationPage'),
});

const resetPasswordRoute = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(
    () => import('./pages/reset-password/reset-password-page.tsx'),
    'ResetPasswordPage',
  ),
});

const signInRoute = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: z.object({
    next: z.string().max(2_000).optional().catch(undefined),
    /** Why coming by a provider did not work. */
    error: text,
  }),
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const setupRoute = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/set-up/set-up-page.tsx'), 'SetUpPage'),
});

const tree = root.addChildren([
  shell.addChildren([
    overviewRoute,
    tracesRoute,
    traceRoute,
    compareRoute,
    sessionsRoute,
    sessionRoute,
    usersRoute,
    promptsRoute,
    promptRoute,
    modelsRoute,
    spendRoute,
    connectRoute,
    keysRoute,
    budgetsRoute,
    providersRoute,
    auditRoute,
    securityRoute,
    alertsRoute,
    anomaliesRoute,
    settingsRoute,
    teamRoute,
    accountRoute,
  ]),
  signInRoute,
  setupRoute,
  invitationRoute,
  resetPasswordRoute,
]);

export const createAppRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: 'intent',
    defaultErrorComponent: Crash,
    scrollRestoration: true,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
