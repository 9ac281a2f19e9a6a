import type { CallerKeys, Outcome } from '@app/gateway';
import { createOpeningQueue, type OpeningLimits, openingDefaults } from './create-opening-queue.ts';
import { openWith } from './key-pair.ts';
import { type KeyRing, type KeyRingDeps, type LiveKey, openKeyRing } from './open-key-ring.ts';
import { PUBLIC_KEY_PATH, providerKeysFault } from './provider-keys-fault.ts';
import { type Envelope, readEnvelope } from './read-envelope.ts';
import { type ProviderKeysRules, readProviderKeys } from './read-provider-keys.ts';

export type InlineKeysDeps = KeyRingDeps & { rules: ProviderKeysRules; limits?: Partial<OpeningLimits> };

export type InlineKeys = {
  /** Those to which callers may encrypt, the one to use first. */
  publicKeys(): Promise<readonly LiveKey[]>;
  /** The keys in the header's value, for a caller whose API key was accepted. */
  open(header: string, keyId: string): Promise<Outcome<CallerKeys['byProvider']>>;
  close(): void;
};

const REMEDY = `fetch the public key again from ${PUBLIC_KEY_PATH} and encrypt to it`;

/** Opens what callers encrypt to this installation's public key: their own keys for providers. */
export function openInlineKeys(deps: InlineKeysDeps): InlineKeys {
  const ring = openKeyRing(deps);
  const queue = createOpeningQueue({ ...openingDefaults, ...deps.limits }, deps.nowMs);
  return {
    publicKeys: ring.live,
    open: async (header, keyId) => {
      const envelope = readEnvelope(header);
      if (!envelope.ok) return envelope;
      return queue(keyId, async () => {
        const opened = await openEnvelope(ring, envelope.value);
        return opened.ok ? readProviderKeys(opened.value, deps.rules) : opened;
      });
    },
    close: ring.close,
  };
}

/** An envelope without a key id is tried with those that are accepted, of which there are at most two. */
async function openEnvelope(ring: KeyRing, envelope: Envelope): Promise<Outcome<Buffer>> {
  const tried = new Set<string>();
  const attempt = async (keys: readonly LiveKey[]) => {
    for (const { kid, privateKey } of keys) {
      if (tried.has(kid) || (envelope.kid ?? kid) !== kid) continue;
      tried.add(kid);
      const opened = await openWith(privateKey, envelope);
      if (opened !== undefined) return opened;
    }
    return undefined;
  };
  const opened = (await attempt(await ring.live())) ?? (await attempt(await ring.lookAgain()));
  if (opened !== undefined) return { ok: true, value: opened };
  const isUnknown = envelope.kid !== undefined && tried.size === 0;
  const why = isUnknown ? 'was made for a key that has expired or is not ours' : 'does not open';
  return { ok: false, error: providerKeysFault(`${why}: ${REMEDY}`) };
}
