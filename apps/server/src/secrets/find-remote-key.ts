import type { Variables } from '../config/resolve-references.ts';
import type { Config } from '../config.ts';
import type { RemoteKey } from './master-key.ts';
import type { Parsed } from './parse-key-source.ts';

const SOURCES = [
  'TOKENROUTER_MASTER_KEY',
  'TOKENROUTER_MASTER_KEY_FILE',
  'TOKENROUTER_MASTER_KEY_REF',
  'TOKENROUTER_MASTER_KEY_WRAPPED',
] as const;

/** How to bring a master key that is kept elsewhere; undefined where it is not. Nothing is asked before it is read. */
export function findRemoteKey(config: Config, variables: Variables): Parsed<RemoteKey | undefined> {
  const { environment } = config;
  const { TOKENROUTER_MASTER_KEY_REF: ref, TOKENROUTER_MASTER_KEY_WRAPPED: wrapped } = environment;
  const named = SOURCES.filter((name) => environment[name] !== undefined);
  if (named.length > 1 && (ref ?? wrapped) !== undefined) {
    return { ok: false, problem: `${named.join(' and ')} are set together. Remove all but one of them.` };
  }
  if (wrapped !== undefined && environment.TOKENROUTER_MASTER_KEY_KMS === undefined) {
    return {
      ok: false,
      problem:
        'TOKENROUTER_MASTER_KEY_WRAPPED needs TOKENROUTER_MASTER_KEY_KMS, which says what decrypts it.',
    };
  }
  // The way out is loaded when it is needed: most installations have no use for it.
  const open = async () => {
    const { attempt, openKeySource } = await import('./open-key-source.ts');
    return { attempt, source: openKeySource({ config, variables, nowMs: Date.now }) };
  };
  if (ref !== undefined) return { ok: true, value: { from: 'reference', read: () => readReference(ref) } };
  if (wrapped !== undefined) return { ok: true, value: { from: 'kms', read: () => unwrap(wrapped) } };
  return { ok: true, value: undefined };

  async function readReference(text: string): Promise<Parsed<string>> {
    const { source } = await open();
    const found = await source.readReference(text).finally(source.close);
    return found.ok ? { ok: true, value: found.value.reveal() } : found;
  }

  async function unwrap(text: string): Promise<Parsed<Buffer>> {
    const { source, attempt } = await open();
    const service = source.findService();
    if (!service.ok) return service;
    return attempt(() => service.value.unwrap(text)).finally(source.close);
  }
}
