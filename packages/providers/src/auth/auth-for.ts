import type { DialectId } from '@app/protocol';
import type { KnownProvider } from '../known-providers.ts';
import type { Auth } from '../provider.ts';
import type { Secret } from '../secret.ts';

/** The header of a dialect's maker, for those who take no bearer token. */
const keyHeaders: { [id in DialectId]?: string } = {
  'anthropic-messages': 'x-api-key',
  gemini: 'x-goog-api-key',
};

/** How a key travels to whoever speaks this dialect, or to the known provider that it is. */
export function authFor(
  dialect: DialectId,
  secret: Secret | undefined,
  known: KnownProvider | undefined,
): Auth {
  if (secret === undefined) return { kind: 'none' };
  const name = keyHeaders[dialect];
  const isBearer = name === undefined || (known !== undefined && known.auth !== 'header');
  return isBearer ? { kind: 'bearer', secret } : { kind: 'header', name, secret };
}
