import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import helmet from '@fastify/helmet';
import statics from '@fastify/static';
import type { FastifyInstance } from 'fastify';

export type DashboardDeps = {
  /** Folder of the built dashboard. */
  dir: string;
  /** True when browsers reach us by HTTPS only, so that they may be told to insist on it. */
  isHttps: boolean;
};

/** The dashboard's own addresses; each answers with the one page, which then shows the right view. */
const PAGES = [
  ...['/traces/:traceId', '/sessions', '/sessions/:sessionId', '/users', '/prompts', '/prompts/:promptId'],
  ...['/compare', '/spend', '/model-usage', '/connect'],
  ...['/', '/traces', '/anomalies', '/alerts', '/keys', '/budgets', '/providers'],
  ...['/team', '/audit', '/security', '/settings', '/account'],
  ...['/sign-in', '/setup', '/invitation', '/reset-password'],
];
const NONCE_PLACE = '__CSP_NONCE__';

/** The dashboard's files under a policy that lets nothing run but them. Absent when it was not built. */
export function dashboardRoutes({ dir, isHttps }: DashboardDeps): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    const indexPath = join(dir, 'index.html');
    if (!existsSync(indexPath)) return;
    const index = readFileSync(indexPath, 'utf8');
    await app.register(helmet, {
      enableCSPNonces: true,
      contentSecurityPolicy: { useDefaults: false, directives: policy },
      strictTransportSecurity: isHttps && { maxAge: 31_536_000, includeSubDomains: false },
      crossOriginEmbedderPolicy: false,
      xFrameOptions: { action: 'deny' },
      referrerPolicy: { policy: 'no-referrer' },
    });
    await app.register(statics, {
      root: dir,
      index: false,
      wildcard: false,
      // Names of assets hold a digest of their content, so they never change.
      setHeaders: (reply, path) => {
        const isAsset = path.startsWith(join(dir, 'assets'));
        reply.header('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
      globIgnore: ['**/index.html', '**/.*'],
    });
    for (const page of PAGES) {
      app.get(page, (_request, reply) =>
        reply
          .type('text/html; charset=utf-8')
          .header('cache-control', 'no-store')
          .send(index.replaceAll(NONCE_PLACE, reply.cspNonce.style)),
      );
    }
  };
}

/** helmet adds the nonce to `style-src`. A nonce in `script-src` is harmless: no page holds an inline script. */
const policy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};
