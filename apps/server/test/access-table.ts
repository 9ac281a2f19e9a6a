import type { Permission } from '@app/contract';

/**
 * What an address asks of whoever calls it: a permission of a key, or of a person where it begins with `people`; that
 * somebody is signed in; or nothing.
 */
export type Need = Permission | `people ${Permission}` | 'signed-in' | 'anyone';

const project = '/api/v1/projects/:project';
const organization = '/api/v1/organizations/:organization';

const under = (path: string, ...routes: string[]): string[] =>
  routes.map((route) => {
    const [method = '', rest = ''] = route.split(' ');
    return `${method} ${path}${rest}`;
  });

/** Limits and budgets are written alike for a project and for an organization. */
const limitReads = ['GET /limits', 'GET /limits/:id', 'GET /budgets', 'GET /budgets/:id'];
const noticeReads = ['GET /budgets/:id/notices', 'GET /budget-notices'];
const limitWrites = [
  ...['POST /limits', 'PATCH /limits/:id', 'DELETE /limits/:id'],
  ...['POST /budgets', 'PATCH /budgets/:id', 'DELETE /budgets/:id'],
  ...['POST /budgets/:id/grants', 'POST /budgets/:id/declines'],
];
/** Alerts too. */
const alertReads = ['GET /alerts', 'GET /alerts/:id', 'GET /alert-events'];
const alertWrites = ['POST /alerts', 'PATCH /alerts/:id', 'DELETE /alerts/:id'];
const acknowledging = 'POST /anomalies/:id/acknowledge';
const memberWrites = ['POST /members', 'PATCH /members/:id', 'DELETE /members/:id'];
const doors = ['/v1/responses', '/api/v1/responses'];

const pages = [
  ...['/', '/traces', '/anomalies', '/alerts', '/keys', '/budgets', '/providers'],
  ...['/team', '/audit', '/security', '/settings', '/account'],
  ...['/traces/:traceId', '/sessions', '/sessions/:sessionId', '/users', '/prompts', '/prompts/:promptId'],
  ...['/compare', '/spend', '/model-usage', '/connect'],
  ...['/sign-in', '/setup', '/invitation', '/reset-password'],
];

/** Every address of the server, by what it asks. One that is not here fails the test that reads them off the server. */
const accessTable: { readonly [need in Need]?: readonly string[] } = {
  anyone: [
    ...[
      'GET /health',
      'GET /ready',
      'GET /.well-known/tr-public-key',
      'GET /.well-known/tr-receipt-key',
      'GET /.well-known/tr-audit-key',
      'GET /.well-known/security.txt',
      'GET /api/public/health',
    ],
    ...['GET /api/v1/setup', 'POST /api/v1/setup'],
    ...['POST /api/v1/invitations/view', 'POST /api/v1/invitations/accept'],
    ...under(
      '/api/auth',
      ...['POST /sign-in/email', 'POST /sign-in/social', 'POST /link-social', 'GET /callback/:id'],
      ...['POST /sign-out', 'POST /change-password', 'POST /request-password-reset', 'POST /reset-password'],
      ...['POST /two-factor/verify-totp', 'POST /two-factor/verify-backup-code', 'POST /two-factor/enable'],
      ...['POST /two-factor/generate-backup-codes', 'POST /two-factor/disable'],
    ),
    ...['GET /api/v1/sign-in-methods', 'POST /api/v1/sign-in/passkey/begin', 'POST /api/v1/sign-in/passkey'],
    ...pages.map((page) => `GET ${page}`),
  ],
  'signed-in': [
    ...under(
      '/api/v1/account',
      ...['GET', 'PATCH', 'DELETE /sessions/:id', 'POST /sessions/end-others', 'DELETE /identities/:id'],
      ...['POST /passkeys/begin', 'POST /passkeys', 'DELETE /passkeys/:id'],
    ),
    ...['GET /api/v1/session', 'GET /api/v1/organizations', 'POST /api/v1/organizations'],
  ],
  'people keys:read': under(
    organization,
    ...['GET', 'GET /projects', 'GET /members', 'GET /invitations', 'GET /sign-in-policy'],
  ),
  'people members:write': under(
    organization,
    ...['PATCH /members/:id', 'DELETE /members/:id', 'PATCH /sign-in-policy'],
    ...['POST /invitations', 'POST /invitations/:id/resend', 'DELETE /invitations/:id'],
  ),
  'members:write': under(project, ...memberWrites),
  'people analytics:read': under(
    organization,
    ...limitReads,
    ...noticeReads,
    ...alertReads,
    'GET /destinations',
  ),
  'people budgets:write': under(organization, ...limitWrites),
  'people audit:read': under(
    organization,
    'GET /audit-events',
    'GET /audit-verification',
    'GET /audit-export',
  ),
  'people settings:write': under(
    organization,
    ...['PATCH', 'POST /projects'],
    'GET /security-report',
    ...['POST /destinations', 'PATCH /destinations/:id', 'DELETE /destinations/:id'],
    'POST /destinations/:id/test',
    ...alertWrites,
  ),
  'models:read': [
    ...['/v1/models', '/v1/models/x', '/v1beta/models', '/v1beta/models/x'].map((path) => `GET ${path}`),
    ...['/api/v1/models', '/api/v1/models/x', '/v1/capabilities', '/models', '/costs'].map(
      (path) => `GET ${path}`,
    ),
  ],
  'responses:read': [
    ...doors.flatMap((path) => under(path, 'GET /:id', 'POST /:id', 'GET /:id/input_items')),
    ...under('/v1/conversations', 'GET /:id', 'GET /:id/items', 'GET /:id/items/:item'),
  ],
  'inference:call': [
    ...doors.flatMap((path) => under(path, 'POST', 'DELETE /:id', 'POST /:id/cancel')),
    ...under('/v1/conversations', 'POST', 'POST /:id', 'POST /:id/items'),
    ...under('/v1/conversations', 'DELETE /:id', 'DELETE /:id/items/:item'),
    ...['/v1/chat/completions', '/v1/completions', '/route'].flatMap((path) => [
      `POST ${path}`,
      `POST /api${path}`,
    ]),
    ...['/v1/messages', '/v1/messages/count_tokens', '/v1/responses/input_tokens'].map(
      (path) => `POST ${path}`,
    ),
    ...['/v1/models/x', '/v1beta/models/x', '/v1/embeddings', '/v1/moderations'].map(
      (path) => `POST ${path}`,
    ),
    ...['/v1/rerank', '/v2/rerank'].map((path) => `POST ${path}`),
    ...under('/v1/audio', 'POST /speech', 'POST /transcriptions', 'POST /translations'),
    ...under('/v1/images', 'POST /generations', 'POST /edits', 'POST /variations'),
    ...under('/v1/files', 'POST', 'GET', 'GET /:id', 'GET /:id/content', 'DELETE /:id'),
    ...under('/v1/batches', 'POST', 'GET', 'GET /:id', 'POST /:id/cancel'),
    'GET /v1/realtime',
  ],
  'analytics:read': [
    'GET /analytics',
    ...under(project, ...limitReads, ...noticeReads, ...alertReads, 'GET /anomalies'),
    ...under(project, 'GET /repricings', 'GET /repricings/:id', 'GET /remappings', 'GET /remappings/:id'),
    ...under(project, 'GET /retention', 'GET /storage-use', 'GET /deletions', 'GET /deletions/:id'),
  ],
  'traces:read': [
    ...['GET /api/v1/traces/:trace_id', 'POST /mcp'],
    ...under(project, 'GET /traces', 'GET /traces/:trace_id', 'GET /overview', 'GET /ingest-status'),
    ...under(project, 'GET /traces/export', 'GET /traces/live', 'POST /sql', 'GET /sql/schema'),
    ...under(project, 'GET /traces/:trace_id/spans', 'GET /traces/:trace_id/spans/:span_id'),
    ...under(project, 'GET /sessions', 'GET /users', 'GET /prompts', 'GET /prompts/:id'),
    ...under(project, 'GET /scores', 'GET /analysis'),
  ],
  'traces:write': [
    ...['POST /v1/traces', 'POST /v1/ingest', 'GET /v1/ping'],
    ...under('/api/public', 'POST /otel/v1/traces', 'POST /ingestion', 'POST /scores'),
    ...under('/api/public', 'GET /projects', 'POST /media', 'PATCH /media/:id'),
    ...under(project, 'POST /scores', 'DELETE /scores/:id'),
  ],
  'keys:read': under(
    project,
    'GET',
    'GET /keys',
    'GET /keys/:id',
    'GET /keys/:id/usage',
    'GET /key-usage',
    'GET /members',
  ),
  'keys:write': under(project, 'POST /keys', 'PATCH /keys/:id', 'DELETE /keys/:id', 'POST /keys/:id/rotate'),
  'budgets:write': under(project, ...limitWrites),
  'credentials:write': [
    ...under(project, 'GET /provider-credentials', 'POST /provider-credentials'),
    ...under(`${project}/provider-credentials`, 'PATCH /:id', 'DELETE /:id', 'POST /:id/check'),
  ],
  'settings:write': under(
    project,
    ...[
      'PATCH',
      'POST /repricings',
      'POST /remappings',
      'PATCH /retention',
      'POST /deletions',
      'GET /export',
    ],
    ...alertWrites,
    acknowledging,
  ),
};

/** What a test key may not do although it has the permission: it would change what live calls meet. */
export const liveOnly: ReadonlySet<string> = new Set([
  `PATCH ${project}`,
  `PATCH ${project}/retention`,
  `POST ${project}/keys`,
  ...under(project, ...limitWrites, ...alertWrites, acknowledging),
  ...under(project, ...memberWrites),
  ...(accessTable['credentials:write'] ?? []),
]);

/** What asks for another permission besides: one alone does not open it. */
export const needsTwo: ReadonlySet<string> = new Set([`GET ${project}/export`]);

/** Every address, with what it asks. */
export function listAccess(): { route: string; need: Need }[] {
  return Object.entries(accessTable).flatMap(([need, routes]) =>
    routes.map((route) => ({ route, need: need as Need })),
  );
}

/** Every method and path, out of the tree that Fastify draws of what it serves. */
export function routesOf(tree: string): string[] {
  const path: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent, part, methods] = /^([│ ]*)[├└]── (\S*) \((.*)\)$/.exec(line) ?? [];
    if (indent === undefined || part === undefined || methods === undefined) return [];
    path.splice(indent.length / 4, path.length, part);
    const whole = path.join('').replace(/\*$/, '/x').replace('//', '/');
    return methods.split(', ').flatMap((method) => (method === 'HEAD' ? [] : [`${method} ${whole}`]));
  });
}
