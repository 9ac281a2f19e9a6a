import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import type { AuditKeys } from './audit-keys.ts';

const hex32 = z.string().regex(/^[0-9a-f]{64}$/);

/** One line of a file of anchors: what a link was, signed by the installation, and bound to the line before. */
const Anchor = z.strictObject({
  /** The version of this format. */
  v: z.literal(1),
  /** `installation` for what belongs to no organization. */
  organization_id: z.string().min(1).max(128),
  sequence: z.int().min(1),
  /** Of the link; lower-case hexadecimal. */
  mac: hex32,
  at: z.iso.datetime(),
  /** Counts the lines of a file from 1. */
  number: z.int().min(1),
  /** SHA-256 of the line before, without its line end; zeros for the first. */
  previous: hex32,
  /** Which key signed; `/.well-known/tr-audit-key` has its public half. */
  kid: z.string().min(1).max(128),
  /** Ed25519 over the JSON array of all of the above, in this order; base64url. */
  signature: z.string().max(128),
});
export type Anchor = z.infer<typeof Anchor>;

export const NO_PREVIOUS: string = '0'.repeat(64);

export function signAnchor(
  { jwk, signingKey }: Pick<AuditKeys, 'jwk' | 'signingKey'>,
  link: Omit<Anchor, 'v' | 'kid' | 'signature'>,
): Anchor {
  const unsigned = { v: 1 as const, ...link, kid: jwk.kid };
  const signature = sign(null, signedBytes(unsigned), signingKey).toString('base64url');
  return { ...unsigned, signature };
}

/** Undefined for what is no anchor at all. */
export function parseAnchor(line: string): Anchor | undefined {
  try {
    return Anchor.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

export function isSignedBy(anchor: Anchor, publicKey: KeyObject): boolean {
  return verify(null, signedBytes(anchor), publicKey, Buffer.from(anchor.signature, 'base64url'));
}

/** What the next line is bound to. */
export function digestOfLine(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('hex');
}

function signedBytes(anchor: Omit<Anchor, 'signature'>): Buffer {
  const { v, organization_id, sequence, mac, at, number, previous, kid } = anchor;
  const values = [`tokenrouter.audit-anchor.${v}`, organization_id, sequence, mac, at, number, previous, kid];
  return Buffer.from(JSON.stringify(values), 'utf8');
}
