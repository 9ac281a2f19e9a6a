import type { FastifyInstance } from 'fastify';
import type { AnchorJwk } from '../../audit/audit-keys.ts';

const AUDIT_KEY_PATH = '/.well-known/tr-audit-key';

/** `GET /.well-known/tr-audit-key`: what the signatures of audit anchors and receipts are checked with (RFC 8037). It is no secret. */
export function auditKeyRoute(jwk: AnchorJwk): (app: FastifyInstance) => void {
  return (app) => {
    app.get(AUDIT_KEY_PATH, (_request, reply) =>
      reply
        .header('cache-control', 'public, max-age=300')
        .type('application/jwk+json; charset=utf-8')
        .send(JSON.stringify(jwk)),
    );
  };
}
