import { AuditAction, AuditOutcome, KeyKind, KeyStatus } from '@app/contract';
import type { QueryClient } from '@tanstack/react-query';
import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { Crash } from './pages/shell/crash.tsx';
import { Mode, moment, text } from './routes/search-fields.ts';
import { root, shell } from './routes/shell-route.ts';
import {
  compareRoute,
  connectRoute,
  modelsRoute,
  overviewRoute,
  promptRoute,
  promptsRoute,
  sessionRoute,
  sessionsRoute,
  spendRoute,
  traceRoute,
  tracesRoute,
  usersRoute,
} from './routes/trace-routes.ts';

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
