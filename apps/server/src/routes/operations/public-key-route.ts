import { GatewayError } from '@app/protocol';
import type { FastifyInstance } from 'fastify';
import { renderError } from '../../http/render-error.ts';
import type { InlineKeys } from '../../inline-keys/open-inline-keys.ts';
import { PUBLIC_KEY_PATH } from '../../inline-keys/provider-keys-fault.ts';

/** `public_key_pem` alone is what older clients read; `keys` are all that are accepted, the one to use first. */
const KINDS = { alg: 'RSA-OAEP-256', enc: 'A256GCM' } as const;

/** `GET /.well-known/tr-public-key`: to what callers encrypt their own provider keys. It is no secret. */
export function publicKeyRoute(
  inlineKeys: Pick<InlineKeys, 'publicKeys'> | undefined,
): (app: FastifyInstance) => void {
  return (app) => {
    app.get(PUBLIC_KEY_PATH, async (request, reply) => {
      const found = await find(inlineKeys);
      if (!('error' in found)) return reply.header('cache-control', 'public, max-age=300').send(found);
      const { status, headers, body } = renderError(found.error, request.id, 'openai-chat');
      return reply.code(status).headers(headers).send(body);
    });
  };
}

async function find(inlineKeys: Pick<InlineKeys, 'publicKeys'> | undefined) {
  if (inlineKeys === undefined) {
    const message = 'Inline provider keys are switched off here.';
    return { error: new GatewayError('not_found', message, { retryable: false }) };
  }
  const live = await inlineKeys.publicKeys().catch(() => []);
  const [newest] = live;
  if (newest === undefined) {
    const message = 'The public key cannot be read now. Try again soon.';
    return { error: new GatewayError('store_unavailable', message, { retryAfterS: 5 }) };
  }
  const keys = live.map(({ kid, publicPem, expiresAtMs }) => ({
    kid,
    ...KINDS,
    public_key_pem: publicPem,
    expires_at: new Date(expiresAtMs).toISOString(),
  }));
  const { kid, publicPem, replacedAtMs, expiresAtMs } = newest;
  return {
    public_key_pem: publicPem,
    kid,
    ...KINDS,
    replaced_at: new Date(replacedAtMs).toISOString(),
    expires_at: new Date(expiresAtMs).toISOString(),
    keys,
  };
}
