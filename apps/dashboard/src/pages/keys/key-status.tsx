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
      <span className="whitespace-nowrap text-faint text-xs">
        <Ending apiKey={apiKey} />
      </span>
    </span>
  );
}

function Ending({ apiKey }: { apiKey: Key }) {
  if (apiKey.revoked_at !== null) return <When iso={apiKey.revoked_at} />;
  if (apiKey.expires_at === null) return null;
  const isPast = Date.parse(apiKey.expires_at) <= Date.now();
  return (
    <>
      {isPast ? '' : 'ends '}
      <When iso={apiKey.expires_at} />
    </>
  );
}
