import type { Outcome } from '@app/gateway';
import { isObject, type Json, parseJson } from '@app/protocol';
import { Secret } from '@app/providers';
import { providerKeysFault } from './provider-keys-fault.ts';

export type ProviderKeysRules = {
  /** The one name of a provider to which callers may bring keys; undefined for every other. */
  findProvider: (name: string) => string | undefined;
  /** For the message to whoever names another one. */
  examples: readonly string[];
};

const KEYS_MAX = 16;
const KEY_CHARS_MAX = 4_096;
/** A key travels in a header: anything else could add one. */
const KEY = /^[\x21-\x7e]+$/;

/**
 * The opened envelope, a JSON object of provider → key, by the providers' one names. A fault counts entries and shows
 * none: whoever swaps the two has a key where the name should be.
 */
export function readProviderKeys(
  plaintext: Buffer,
  rules: ProviderKeysRules,
): Outcome<ReadonlyMap<string, Secret>> {
  const json = parseJson(plaintext.toString('utf8'));
  if (!isObject(json)) return fault('holds no JSON object of providers and keys once it is opened');
  const entries = Object.entries(json);
  if (entries.length === 0) return fault('holds no key');
  if (entries.length > KEYS_MAX) return fault(`holds more than ${KEYS_MAX} keys`);
  const keys = new Map<string, Secret>();
  for (const [at, [name, value]] of entries.entries()) {
    const provider = rules.findProvider(name.trim().toLowerCase());
    if (provider === undefined) {
      const known = rules.examples.join(', ');
      return fault(
        `names in entry ${at + 1} a provider that takes no key of yours here; it may name ${known}`,
      );
    }
    const key = readKey(value);
    if (key === undefined) {
      return fault(`has no key for ${provider}: a key is 1 to ${KEY_CHARS_MAX} printable characters`);
    }
    const other = keys.get(provider);
    if (other !== undefined && other.reveal() !== key) return fault(`has two keys for ${provider}`);
    keys.set(provider, new Secret(key));
  }
  return { ok: true, value: keys };
}

function readKey(value: Json | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const key = value.trim();
  return key.length <= KEY_CHARS_MAX && KEY.test(key) ? key : undefined;
}

function fault(what: string): { ok: false; error: ReturnType<typeof providerKeysFault> } {
  return { ok: false, error: providerKeysFault(what) };
}
