import { useMutation } from '@tanstack/react-query';
import { Button } from './button.tsx';
import { Modal } from './modal.tsx';
import { Notice } from './notice.tsx';

type Props = {
  title: string;
  /** What happens, and whether it can be undone. */
  lead: string;
  /** What the button that does it says. */
  action: string;
  run: () => Promise<unknown>;
  onClose: () => void;
};

/** Asks before something is gone. The question stays open, with the reason, when it could not be done. */
export function Confirm({ title, lead, action, run, onClose }: Props) {
  const doing = useMutation({ mutationFn: run, onSuccess: onClose });
  return (
    <Modal title={title} lead={lead} onClose={onClose}>
      {doing.error ? <Notice tone="bad">{doing.error.message}</Notice> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Keep it</Button>
        <Button look="danger" isBusy={doing.isPending} onClick={() => doing.mutate()}>
          {action}
        </Button>
      </div>
    </Modal>
  );
}
