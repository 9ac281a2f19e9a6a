import type { Variables } from '../config/resolve-references.ts';
import type { Config } from '../config.ts';
import { asKey } from './master-key.ts';
import { attempt, openKeySource } from './open-key-source.ts';
import type { Parsed } from './parse-key-source.ts';

type WrapDeps = { config: Config; variables: Variables };

/** A master key as the service that TOKENROUTER_MASTER_KEY_KMS names encrypts it, once it was seen to open again. */
export async function wrapKey(key: Buffer, deps: WrapDeps): Promise<Parsed<string>> {
  const source = openKeySource({ ...deps, nowMs: Date.now });
  try {
    const service = source.findService();
    if (!service.ok) return service;
    const wrapped = await attempt(() => service.value.wrap(key));
    if (!wrapped.ok) return wrapped;
    const opened = await attempt(() => service.value.unwrap(wrapped.value));
    if (!opened.ok) return opened;
    if (opened.value.equals(key)) return wrapped;
    return { ok: false, problem: 'The key management service opened something else than it had wrapped.' };
  } finally {
    await source.close();
  }
}

/** The key to rotate to, where it is given wrapped. */
export async function findNewWrappedKey(
  config: Config,
  variables: Variables,
): Promise<{ ok: true; key: Buffer } | { ok: false; problem: string } | undefined> {
  const { environment } = config;
  const { TOKENROUTER_NEW_MASTER_KEY_WRAPPED: text } = environment;
  if (text === undefined) return undefined;
  if ((environment.TOKENROUTER_NEW_MASTER_KEY ?? environment.TOKENROUTER_NEW_MASTER_KEY_FILE) !== undefined) {
    return { ok: false, problem: 'The new master key is given more than once. Remove all but one of them.' };
  }
  const source = openKeySource({ config, variables, nowMs: Date.now });
  try {
    const service = source.findService();
    if (!service.ok) return service;
    const opened = await attempt(() => service.value.unwrap(text));
    if (!opened.ok) return opened;
    const key = asKey(opened.value);
    if (key !== undefined) return { ok: true, key };
    return { ok: false, problem: 'TOKENROUTER_NEW_MASTER_KEY_WRAPPED does not hold exactly 32 bytes.' };
  } finally {
    await source.close();
  }
}
