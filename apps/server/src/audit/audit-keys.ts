import { createHash, createHmac, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import { seal, unseal } from '../secrets/seal.ts';
import { signingKeyOf } from '../secrets/signing-key.ts';

/** The public half of what anchors are signed with (RFC 8037), as `/.well-known/tr-audit-key` shows it. */
export type AnchorJwk = { kty: 'OKP'; crv: 'Ed25519'; x: string; kid: string; use: 'sig'; alg: 'EdDSA' };

export type AuditKeys = {
  /** Seals the key of one chain. */
  sealChainKey(organizationId: string, key: Uint8Array): Buffer;
  /** Undefined when it was not sealed for this chain. */
  openChainKey(organizationId: string, sealed: Uint8Array): Buffer | undefined;
  /** Seals what waits on the disk for its chain; 32 bytes. */
  outboxKey: Buffer;
  /** What stands for a secret: the same for the same secret, and nobody without the key can try secrets out on it. */
  digest(text: string): string;
  signingKey: KeyObject;
  publicKey: KeyObject;
  jwk: AnchorJwk;
};

const DIGEST_CHARS = 16;

/** All that the audit chains need, from the one secret of 32 bytes that the master key wraps. */
export function createAuditKeys(auditKey: Uint8Array): AuditKeys {
  const derive = (use: string) =>
    Buffer.from(hkdfSync('sha256', auditKey, '', `tokenrouter audit ${use}`, 32));
  const digestKey = derive('digests');
  const sealKey = derive('chain keys');
  const signingKey = signingKeyOf(derive('anchors'));
  const publicKey = createPublicKey(signingKey);
  return {
    sealChainKey: (organizationId, key) => seal(sealKey, key, identityOf(organizationId)),
    openChainKey: (organizationId, sealed) => unseal(sealKey, sealed, identityOf(organizationId)),
    digest: (text) =>
      `hmac-sha256:${createHmac('sha256', digestKey).update(text, 'utf8').digest('hex').slice(0, DIGEST_CHARS)}`,
    outboxKey: derive('outbox'),
    signingKey,
    publicKey,
    jwk: jwkOf(publicKey),
  };
}

const identityOf = (organizationId: string): string => `audit-chain.${organizationId}`;

/** `kid` is the key's thumbprint (RFC 7638). */
function jwkOf(publicKey: KeyObject): AnchorJwk {
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const thumbprint = JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x });
  const kid = createHash('sha256').update(thumbprint).digest('base64url');
  return { kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' };
}
