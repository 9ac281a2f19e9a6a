import type { CreatedKey, Key } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { refreshKeys, rotateKey } from '../../api/keys.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';

const overlaps = [
  { value: '0', label: 'No time' },
  { value: '3600', label: '1 h' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
  { value: '2592000', label: '30 days' },
] as const;

type Props = {
  project: string;
  apiKey: Key;
  onCreated: (created: CreatedKey) => void;
  onClose: () => void;
};

/** A new key in the place of an old one, which goes on for as long as its users need to change. */
export function RotateKey({ project, apiKey, onCreated, onClose }: Props) {
  const [overlap, setOverlap] = useState<(typeof overlaps)[number]['value']>('86400');
  const queries = useQueryClient();
  const rotating = useMutation({
    mutationFn: () => rotateKey(project, apiKey.id, { overlap_seconds: Number(overlap) }),
    onSuccess: async (created) => {
      onCreated(created);
      await refreshKeys(queries, project);
    },
  });
  return (
    <Modal
      title={`Rotate “${apiKey.name}”`}
      lead="The new key may do the same. It works at once and is shown once, right after this."
      onClose={onClose}
    >
      {rotating.error ? <Notice tone="bad">{rotating.error.message}</Notice> : null}
      <Choice label="The old key goes on for">
        <Segmented label="The old key goes on for" value={overlap} options={overlaps} onChange={setOverlap} />
      </Choice>
      {overlap === '0' ? (
        <Notice tone="warn">Calls with the old key are refused within a second.</Notice>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" isBusy={rotating.isPending} onClick={() => rotating.mutate()}>
          Rotate key
        </Button>
      </div>
    </Modal>
  );
}
