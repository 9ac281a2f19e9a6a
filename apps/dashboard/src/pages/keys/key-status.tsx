import type { Key } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';
import { When } from '../../ui/when.tsx';
import { type KeyState, keyState } from './key-state.ts';

const tones: Record<KeyState, 'good' | 'warn' | 'neutral' | 'bad'> = {
  active: 'good',
  expiring: 'warn',
  replaced: 'warn',
  expired: 'neutral',
  revoked: 'bad',
};

/** How a key stands and when that ends. */
export function KeyStatus({ apiKey }: { apiKey: Key }) {
  const state = keyState(apiKey);
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-0.5">
      <Badge tone={tones[state]}>{state}</Badge>
      <Ending apiKey={apiKey} />
    </span>
  );
}

function Ending({ apiKey }: { apiKey: Key }) {
  const { revoked_at: revoked, expires_at: end } = apiKey;
  const iso = revoked ?? end;
  if (iso === null) return null;
  const isPast = revoked !== null || Date.parse(iso) <= Date.now();
  return (
    <span className="whitespace-nowrap text-faint text-xs">
      {isPast ? '' : 'ends '}
      <When iso={iso} />
    </span>
  );
}
