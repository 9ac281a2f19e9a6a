import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

export type PageSecurity = {
  /** Whether browsers reach us by https, so that they may be told to keep to it. */
  isHttps: boolean;
};

/**
 * Headers for a scope whose replies a browser shows: nothing from elsewhere, no frame, no inline script. A style
 * element needs the nonce `reply.cspNonce.style`, which is new for each reply.
 */
export async function securePages(app: FastifyInstance, { isHttps }: PageSecurity): Promise<void> {
  await app.register(helmet, {
    enableCSPNonces: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
    strictTransportSecurity: isHttps ? { maxAge: 31_536_000 } : false,
  });
}
