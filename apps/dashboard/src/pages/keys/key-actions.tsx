import type { Key } from '@app/contract';
import { usePermission } from '../../api/use-permission.ts';
import { RowMenu } from '../../ui/row-menu.tsx';
import { keyState } from './key-state.ts';

export type KeyAction = 'details' | 'rotate' | 'edit' | 'revoke';
type Props = { apiKey: Key; onAct: (action: KeyAction, key: Key) => void };

/** What can be done with a key: with one that is over, only to look at it. */
export function KeyActions({ apiKey, onAct }: Props) {
  const mayWrite = usePermission('keys:write');
  const state = keyState(apiKey);
  const isUsable = mayWrite && state !== 'revoked' && state !== 'expired';
  const act = (action: KeyAction) => () => onAct(action, apiKey);
  return (
    <RowMenu
      label={`Actions for ${apiKey.name}`}
      actions={[
        { label: 'Usage and details', run: act('details') },
        ...(isUsable && state !== 'replaced' ? [{ label: 'Rotate', run: act('rotate') }] : []),
        ...(isUsable
          ? [
              { label: 'Edit', run: act('edit') },
              { label: 'Revoke', isDanger: true, run: act('revoke') },
            ]
          : []),
      ]}
    />
  );
}
