import type { Deletion } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { createDeletion, findDeletion, isAtWork } from '../../api/retention.ts';
import { Button } from '../../ui/button.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { DataFilterFields, emptyFilter, filterOf } from './data-filter-fields.tsx';

type Props = { project: string; onClose: () => void };

const ASK_AGAIN_MS = 500;

/** Asks what is meant, counts it, and deletes it only when the person has seen how much that is. */
export function DeleteData({ project, onClose }: Props) {
  const [draft, setDraft] = useState(emptyFilter);
  const queries = useQueryClient();
  const filter = filterOf(draft);
  const counting = useMutation({ mutationFn: () => count(project, filter) });
  const deleting = useMutation({
    mutationFn: () => createDeletion(project, filter, false),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['deletions', project] });
      onClose();
    },
  });
  const counted = counting.data;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (counted === undefined) counting.mutate();
    else deleting.mutate();
  };
  const problem = counting.error ?? deleting.error;
  return (
    <Modal
      title="Delete data"
      lead="Everything that fits all of this, in every store: traces, contents, kept responses. It cannot be undone."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
        {problem ? <Notice tone="bad">{problem.message}</Notice> : null}
        <DataFilterFields
          draft={draft}
          hasTrace
          onChange={(changed) => {
            setDraft(changed);
            counting.reset();
          }}
        />
        {counted === undefined ? null : <Counted deletion={counted} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep it</Button>
          <Button
            type="submit"
            look={counted === undefined ? 'primary' : 'danger'}
            isBusy={counting.isPending || deleting.isPending}
            disabled={Object.keys(filter).length === 0}
          >
            {counted === undefined ? 'Count it' : 'Delete for good'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Counted({ deletion: { deleted } }: { deletion: Deletion }) {
  return (
    <Notice tone="warn">
      {`${deleted.traces.toLocaleString('en-US')} traces and ${deleted.responses.toLocaleString('en-US')} kept responses would be deleted.`}
    </Notice>
  );
}

async function count(project: string, filter: Deletion['filter']): Promise<Deletion> {
  let deletion = await createDeletion(project, filter, true);
  while (isAtWork(deletion)) {
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    deletion = await findDeletion(project, deletion.id);
  }
  if (deletion.state === 'failed') throw new Error(deletion.error ?? 'It could not be counted.');
  return deletion;
}
