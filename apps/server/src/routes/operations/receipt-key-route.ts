import type { FastifyInstance } from 'fastify';
import type { ReceiptKey } from '../../retention/receipt-key.ts';

/** `GET /.well-known/tr-receipt-key`: with what receipts of deletions are checked. It is no secret. */
export function receiptKeyRoute({ kid, publicPem }: ReceiptKey): (app: FastifyInstance) => void {
  return (app) => {
    app.get('/.well-known/tr-receipt-key', async (_, reply) =>
      reply
        .header('cache-control', 'public, max-age=300')
        .send({ keys: [{ kid, alg: 'Ed25519', public_key_pem: publicPem }] }),
    );
  };
}
