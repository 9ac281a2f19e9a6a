import type { Budget } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { declineBudget } from '../../api/budgets.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';

type Props = { project: string; budget: Budget; subject: string; onClose: () => void };

/** No more money for this period. */
export function DeclineForm({ project, budget, subject, onClose }: Props) {
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const declining = useMutation({
    mutationFn: () =>
      declineBudget(project, budget.id, {
        subject,
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['budget-notices', project] });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    declining.mutate();
  };
  return (
    <Modal
      title={`No more for “${budget.name}”?`}
      lead={`Calls stay refused until this ${budget.period} ends. More can still be given later.`}
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
        {declining.error ? <Notice tone="bad">{declining.error.message}</Notice> : null}
        <Field
          label="Reason"
          maxLength={500}
          placeholder="the month's money is gone"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="danger" isBusy={declining.isPending}>
            Decline
          </Button>
        </div>
      </form>
    </Modal>
  );
}
