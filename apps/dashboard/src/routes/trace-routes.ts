import { Dimension, OverviewRange } from '@app/contract';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { Mode, moment, text } from './search-fields.ts';
import { shell } from './shell-route.ts';

export const overviewRoute = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: z.object({ range: OverviewRange.catch('24h').default('24h'), mode: Mode }),
  component: lazyRouteComponent(() => import('../pages/overview/overview-page.tsx'), 'OverviewPage'),
});

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

export const tracesRoute = createRoute({
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
  component: lazyRouteComponent(() => import('../pages/traces/traces-page.tsx'), 'TracesPage'),
});

export const traceRoute = createRoute({
  getParentRoute: () => shell,
  path: '/traces/$traceId',
  validateSearch: z.object({
    span: spanId,
    view: z.enum(['tree', 'timeline']).catch('tree').default('tree'),
  }),
  component: lazyRouteComponent(() => import('../pages/trace/trace-page.tsx'), 'TracePage'),
});

export const compareRoute = createRoute({
  getParentRoute: () => shell,
  path: '/compare',
  validateSearch: z.object({ left: traceId, left_span: spanId, right: traceId, right_span: spanId }),
  component: lazyRouteComponent(() => import('../pages/compare/compare-page.tsx'), 'ComparePage'),
});

/** A stretch of time that a list is about, and what is looked for in it. */
const stretch = z.object({ range: OverviewRange.catch('7d').default('7d'), search: text });

export const sessionsRoute = createRoute({
  getParentRoute: () => shell,
  path: '/sessions',
  validateSearch: stretch,
  component: lazyRouteComponent(() => import('../pages/sessions/sessions-page.tsx'), 'SessionsPage'),
});

export const sessionRoute = createRoute({
  getParentRoute: () => shell,
  path: '/sessions/$sessionId',
  component: lazyRouteComponent(() => import('../pages/sessions/session-page.tsx'), 'SessionPage'),
});

export const usersRoute = createRoute({
  getParentRoute: () => shell,
  path: '/users',
  validateSearch: stretch,
  component: lazyRouteComponent(() => import('../pages/users/users-page.tsx'), 'UsersPage'),
});

export const promptsRoute = createRoute({
  getParentRoute: () => shell,
  path: '/prompts',
  validateSearch: stretch,
  component: lazyRouteComponent(() => import('../pages/prompts/prompts-page.tsx'), 'PromptsPage'),
});

export const promptRoute = createRoute({
  getParentRoute: () => shell,
  path: '/prompts/$promptId',
  validateSearch: z.object({ range: OverviewRange.catch('7d').default('7d') }),
  component: lazyRouteComponent(() => import('../pages/prompts/prompt-page.tsx'), 'PromptPage'),
});

export const modelsRoute = createRoute({
  getParentRoute: () => shell,
  path: '/model-usage',
  validateSearch: z.object({ range: OverviewRange.catch('7d').default('7d'), mode: Mode }),
  component: lazyRouteComponent(() => import('../pages/models/models-page.tsx'), 'ModelsPage'),
});

export const spendRoute = createRoute({
  getParentRoute: () => shell,
  path: '/spend',
  validateSearch: z.object({
    range: OverviewRange.catch('7d').default('7d'),
    by: Dimension.catch('model').default('model'),
  }),
  component: lazyRouteComponent(() => import('../pages/spend/spend-page.tsx'), 'SpendPage'),
});

export const connectRoute = createRoute({
  getParentRoute: () => shell,
  path: '/connect',
  component: lazyRouteComponent(() => import('../pages/connect/connect-page.tsx'), 'ConnectPage'),
});
