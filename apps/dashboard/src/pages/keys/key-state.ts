import type { Key } from '@app/contract';

export type KeyState = 'active' | 'expiring' | 'replaced' | 'expired' | 'revoked';

const EXPIRING_MS = 14 * 86_400_000;

/** How a key stands. One that was replaced goes on until it ends, which its users should know first. */
export function keyState(key: Key, nowMs = Date.now()): KeyState {
  if (key.revoked_at !== null) return 'revoked';
  const endsInMs = key.expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(key.expires_at) - nowMs;
  if (endsInMs <= 0) return 'expired';
  if (key.replaced_by !== null) return 'replaced';
  return endsInMs <= EXPIRING_MS ? 'expiring' : 'active';
}

/** Whether it can be used no more. */
export const isOver = (key: Key): boolean => ['revoked', 'expired'].includes(keyState(key));
