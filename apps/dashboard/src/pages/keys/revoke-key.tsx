import type { Key } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { revokeKey } from '../../api/keys.ts';
import { Button } from '../../ui/button.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';

type Props = { project: string; apiKey: Key; onClose: () => void };

export function RevokeKey({ project, apiKey, onClose }: Props) {
  const queries = useQueryClient();
  const revoking = useMutation({
    mutationFn: () => revokeKey(project, apiKey.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['keys', project] });
      onClose();
    },
  });
  return (
    <Modal
      title={`Revoke “${apiKey.name}”?`}
      lead="Calls with this key are refused within a second. This cannot be undone."
      onClose={onClose}
    >
      {revoking.error ? <Notice tone="bad">{revoking.error.message}</Notice> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Keep it</Button>
        <Button look="danger" isBusy={revoking.isPending} onClick={() => revoking.mutate()}>
          Revoke key
        </Button>
      </div>
    </Modal>
  );
}
